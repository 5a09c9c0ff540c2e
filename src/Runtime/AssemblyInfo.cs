using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("EdgePerception.Runtime.Tests")]
[assembly: InternalsVisibleTo("EdgePerception.EndToEnd.Tests")]
