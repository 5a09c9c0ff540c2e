using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.CommandLine;

OnnxRuntimeLibrary.DisableTelemetry();
return await EdgePerceptionCommand.RunAsync(RawArguments.Of(args));
