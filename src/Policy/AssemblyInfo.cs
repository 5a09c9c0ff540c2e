using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("EdgePerception.Policy.Tests")]
