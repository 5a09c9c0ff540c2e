using EdgePerception.Runtime.CommandLine;

await using var reloads = ReloadRequests.For(args);
return await EdgePerceptionCommand.RunAsync(args, reloads);
