using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("EdgePerception.Fusion.Tests")]
[assembly: InternalsVisibleTo("EdgePerception.Runtime")]
[assembly: InternalsVisibleTo("EdgePerception.Runtime.Tests")]
