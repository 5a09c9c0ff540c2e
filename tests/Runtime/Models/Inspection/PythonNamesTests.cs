using EdgePerception.Runtime.Models.Inspection;

namespace EdgePerception.Runtime.Tests.Models.Inspection;

public class PythonNamesTests
{
    [Theory]
    [InlineData("['person', 'car']", "person|car")]
    [InlineData("('person', \"car\",)", "person|car")]
    [InlineData("{0: 'person', 1: 'car'}", "person|car")]
    [InlineData("{1: 'car', 0: 'person'}", "person|car")]
    [InlineData("{\"0\": \"person\", '1': 'car', }", "person|car")]
    [InlineData(" [ u'person' ,\n 'car' ] ", "person|car")]
    [InlineData("['traffic ' 'light', \"driver's seat\", 'a \"b\"', '']", "traffic light|driver's seat|a \"b\"|")]
    [InlineData("['0: \\'x\\'', '{', ']', ',']", "0: 'x'|{|]|,")]
    public void A_list_a_tuple_and_a_dictionary_are_read(string text, string names) =>
        Assert.Equal(names, string.Join('|', PythonNames.Read(text)));

    [Theory]
    [InlineData(@"'ice\xa0cream'", "ice\u00a0cream")]
    [InlineData(@"'zero\u200bwidth'", "zero\u200bwidth")]
    [InlineData(@"'\U0001f600'", "\U0001f600")]
    [InlineData(@"'\ud83d\ude00'", "\U0001f600")]
    [InlineData(@"'\101\0\x00a'", "A\0\0a")]
    [InlineData(@"'a\\n\'\""b'", @"a\n'""b")]
    [InlineData(@"'\a\b\f\n\r\t\v'", "\a\b\f\n\r\t\v")]
    [InlineData("'a\\\nb'", "ab")]
    [InlineData(@"'\d\N{DIGIT ONE}'", @"\d\N{DIGIT ONE}")]
    [InlineData(@"'\ud83d!'", "\ufffd!")]
    public void Escapes_are_read_as_Python_reads_them(string literal, string name) =>
        Assert.Equal([name], PythonNames.Read($"[{literal}]"));

    [Theory]
    [InlineData("")]
    [InlineData("person, car")]
    [InlineData("['person'")]
    [InlineData("['person]")]
    [InlineData("['person' 'car'] x")]
    [InlineData("['person', 2]")]
    [InlineData("['person' car]")]
    [InlineData("{0: 'person', 2: 'car'}")]
    [InlineData("{0: 'person', 1: None}")]
    [InlineData("{-1: 'person'}")]
    [InlineData("{99999999999: 'person'}")]
    [InlineData(@"['\xg0']")]
    [InlineData(@"['\u12']")]
    [InlineData(@"['\U00110000']")]
    [InlineData("['\\")]
    [InlineData("{}")]
    public void What_is_no_such_literal_gives_no_names(string text) => Assert.Empty(PythonNames.Read(text));
}
