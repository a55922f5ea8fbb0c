using Kimchi.Isoctl.Commands;

return await RootCommandLine.RunAsync(args, Console.Out, Console.Error);
