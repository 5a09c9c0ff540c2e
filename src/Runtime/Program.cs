using EdgePerception.Runtime.CommandLine;

return await EdgePerceptionCommand.RunAsync(RawArguments.Of(args));
