using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("EdgePerception.Fusion.Tests")]
