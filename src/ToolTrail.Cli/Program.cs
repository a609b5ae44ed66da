using ToolTrail.Cli;
using ToolTrail.Cli.Commands;

return await CommandLine.RunAsync(args,
[
    RecentCommand.Create(),
    TailCommand.Create(),
    StatsCommand.Create(),
    ProxyCommand.Create(),
    RecordCommand.Create(),
    ServeCommand.Create(),
    VerifyCommand.Create(),
    HeadCommand.Create(),
    ProveCommand.Create(),
    VerifyProofCommand.Create(),
    KeysCommand.Create(),
    ConfigCommand.Create(),
    DoctorCommand.Create(),
]);
