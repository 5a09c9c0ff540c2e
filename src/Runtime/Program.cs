using EdgePerception.Runtime.CommandLine;

return await EdgePerceptionCommand.RunAsync(args);
