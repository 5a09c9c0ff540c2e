using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("EdgePerception.Runtime.Tests")]
