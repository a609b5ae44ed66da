using ToolTrail.Cli;
using ToolTrail.Cli.Commands;

return await CommandLine.RunAsync(args,
[
    RecentCommand.Create(),
    TailCommand.Create(),
    StatsCommand.Create(),
    ProxyCommand.Create(),
    ConnectCommand.Create(),
    ConnectCommand.CreateDisconnect(),
    HookCommand.Create(),
    RecordCommand.Create(),
    ServeCommand.Create(),
    McpCommand.Create(),
    VerifyCommand.Create(),
    HeadCommand.Create(),
    ProveCommand.Create(),
    VerifyProofCommand.Create(),
    EraseCommand.Create(),
    KeysCommand.Create(),
    PolicyCommand.Create(),
    ConfigCommand.Create(),
    DoctorCommand.Create(),
]);
