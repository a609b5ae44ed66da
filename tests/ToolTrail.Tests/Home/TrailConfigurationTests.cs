using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Home;

public sealed class TrailConfigurationTests : IDisposable
{
    private const string Witness = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
    private const string WitnessMember = "\"key\":\"" + Witness + "\"";

    private readonly TempFolder _folder = new();
    private readonly TrailHome _home;

    public TrailConfigurationTests() => _home = TrailHome.Open(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_NoFile_IsTheDefaults()
    {
        using var configuration = TrailConfiguration.Load(TrailHome.OpenForReading(_folder.At("none")));
        Assert.Equal(DeliveryMode.Background, configuration.Current.Delivery.Mode);
        Assert.Null(configuration.Problem);
        Assert.All(configuration.Values(), value => Assert.Equal("default", value.Source));
        Assert.False(Directory.Exists(_folder.At("none")));
    }

    [Fact]
    public void Load_File_SetsEveryKey()
    {
        Write(
            """
            {
              // Comments and trailing commas may stand here.
              "home": { "installation": "INSTALLATION", "timeZone": "UTC" },
              "delivery": {
                "mode": "durable", "onFailure": "Refuse", "queueFullWait": "2s", "queueBytes": 1048576,
                "rules": [{ "tool": "write_*", "mode": "writeAhead" }, { "tool": "read_*", "onFailure": "continue" },],
              },
              "policy": [
                { "name": "no shell", "effect": "deny", "user": "a*", "agent": "b", "tool": "shell", "server": "s", "reason": "é <not here>" },
                { "name": "rest", "effect": "allow", "user": null },
              ],
              "levels": [{ "tool": "get_*", "level": "metadata" }],
              "limits": { "stringChars": 10, "arrayItems": 11, "objectMembers": 12, "depth": 13, "snippetChars": 0 },
              "redaction": { "names": ["badge_no"], "patterns": ["B-[0-9]+"] },
              "retention": { "days": 30, "rules": [{ "user": "ci*", "days": 7 }], "holds": ["eve"], "compressAfterDays": 60 },
              "integrity": { "seal": false, "signingKey": "/srv/keys/trail.key", "witnesses": [{ "url": "https://witness.example/v1/", "key": "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2" }] },
              "server": {
                "urls": "http://127.0.0.1:1;https://*:2", "certificate": "c.pem", "certificateKey": "k.pem", "allowInsecure": true, "allowedHosts": ["trail.example"], "openSeals": true, "fileRoots": ["/srv/notes"], "otlpEndpoint": "http://127.0.0.1:4317",
                "jwt": { "authority": "https://issuer.example", "audience": "trail", "roleClaim": "r", "userClaim": "u" },
              },
            }
            """.Replace("INSTALLATION", _home.Installation, StringComparison.Ordinal));
        using var configuration = TrailConfiguration.Load(_home);

        var settings = configuration.Current;
        Assert.Equal(new HomeSettings { Installation = _home.Installation, TimeZone = "UTC" }, settings.Home);
        Assert.Equal(
            (DeliveryMode.Durable, FailurePolicy.Refuse, TimeSpan.FromSeconds(2), 1048576L),
            (settings.Delivery.Mode, settings.Delivery.OnFailure, settings.Delivery.QueueFullWait, settings.Delivery.QueueBytes));
        Assert.Equal(
            [new DeliveryRule { Tool = "write_*", Mode = DeliveryMode.WriteAhead }, new DeliveryRule { Tool = "read_*", OnFailure = FailurePolicy.Continue }],
            settings.Delivery.Rules);
        Assert.Equal(
            [
                new PolicyRule { Name = "no shell", Effect = PolicyEffect.Deny, User = "a*", Agent = "b", Tool = "shell", Server = "s", Reason = "é <not here>" },
                new PolicyRule { Name = "rest", Effect = PolicyEffect.Allow },
            ],
            settings.Policy);
        Assert.Equal([new LevelRule { Tool = "get_*", Level = RecordLevel.Metadata }], settings.Levels);
        Assert.Equal(new() { StringChars = 10, ArrayItems = 11, ObjectMembers = 12, Depth = 13, SnippetChars = 0 }, settings.Limits);
        Assert.Equal(["badge_no"], settings.Redaction.Names);
        Assert.Equal(["B-[0-9]+"], settings.Redaction.Patterns);
        Assert.Equal(30, settings.Retention.Days);
        Assert.Equal([new WitnessSettings { Url = new Uri("https://witness.example/v1/"), Key = WitnessKey.Parse(Witness) }], settings.Integrity.Witnesses);
        Assert.Equal(
            ("http://127.0.0.1:1;https://*:2", true, "http://127.0.0.1:4317"), (settings.Server.Urls, settings.Server.AllowInsecure, settings.Server.OtlpEndpoint));
        Assert.Equal(("c.pem", "k.pem"), (settings.Server.Certificate, settings.Server.CertificateKey));
        Assert.Equal(["trail.example"], settings.Server.AllowedHosts);
        Assert.True(settings.Server.OpenSeals);
        Assert.Equal(["/srv/notes"], settings.Server.FileRoots);
        Assert.Equal(new() { Authority = "https://issuer.example", Audience = "trail", RoleClaim = "r", UserClaim = "u" }, settings.Server.Jwt);

        // Nothing that can be configured was left out above.
        Assert.All(configuration.Values(), value => Assert.Equal(TrailConfiguration.FileOf(_home), value.Source));
        Assert.Contains(configuration.Values(), value => value == new ConfigurationValue("delivery.queueFullWait", "\"2s\"", value.Source));
        Assert.Contains(configuration.Values(), value => value.Path == "policy"
            && value.Value == """[{"name":"no shell","effect":"deny","user":"a*","agent":"b","tool":"shell","server":"s","reason":"é <not here>"},{"name":"rest","effect":"allow"}]""");
        Assert.Contains(configuration.Values(), value => value.Path == "integrity.witnesses" && value.Value == $$"""[{"url":"https://witness.example/v1/","key":"{{Witness}}"}]""");
    }

    [Fact]
    public void Values_AsTheyAreShown_ReadBackAsTheSame()
    {
        // The claims alone make no JWT settings.
        foreach (var (path, value) in ConfigurationKeys.All.Where(key => key.Default != "null" && !key.Path.StartsWith("server.jwt", StringComparison.Ordinal))
            .Select(key => (key.Path, key.Default)))
        {
            var members = path.Split('.');
            Write(string.Concat(members.Select(member => $"{{\"{member}\":")) + value + new string('}', members.Length));
            using var configuration = TrailConfiguration.Load(_home);
            Assert.Equal((value, TrailConfiguration.FileOf(_home)), configuration.Values().Where(v => v.Path == path).Select(v => (v.Value, v.Source)).Single());
        }
    }

    [Theory]
    [InlineData("{\n\n \"delivery\": {\n  \"mod\": \"durable\"\n }\n}", "line 4", "\"delivery.mod\"", "\"delivery.mode\"")]
    [InlineData("{\"mode\":\"durable\"}", "line 1", "\"mode\"", "\"delivery.mode\"")]
    [InlineData("{\"Delivery\":{}}", "line 1", "\"Delivery\"", "\"delivery.")]
    [InlineData("{\"policy\":[\n{\"name\":\"n\",\n\"effect\":\"deny\",\n\"tol\":\"x\"}]}", "line 4", "policy[0]", "\"tool\"")]
    [InlineData("{\"delivery\":{\"mode\":\n3}}", "line 1", "delivery.mode", "one of background, durable, writeAhead, and is 3.")]
    [InlineData("{\"delivery\":{\"mode\":\"1\"}}", "line 1", "delivery.mode", "one of background, durable, writeAhead, and is \"1\".")]
    [InlineData("{\"delivery\":\n\"durable\"}", "line 1", "delivery must be an object", "\"durable\"")]
    [InlineData("{\"delivery\":{\"queueFullWait\":100}}", "line 1", "delivery.queueFullWait", "\"100ms\"")]
    [InlineData("{\"delivery\":{\"queueFullWait\":\"2h\"}}", "line 1", "delivery.queueFullWait", "from 0s to 1m")]
    [InlineData("{\"delivery\":{\"queueFullWait\":\"-1s\"}}", "line 1", "delivery.queueFullWait", "from 0s to 1m")]
    [InlineData("{\"delivery\":{\"queueFullWait\":\"2147483647d\"}}", "line 1", "delivery.queueFullWait", "from 0s to 1m")]
    [InlineData("{\"delivery\":{\"queueBytes\":1}}", "line 1", "delivery.queueBytes", "from 1048576 to 1073741824, and is 1.")]
    [InlineData("{\"delivery\":{\"queueBytes\":1e7}}", "line 1", "delivery.queueBytes", "a whole number")]
    [InlineData("{\"delivery\":{\"rules\":[{\"mode\":\"durable\"}]}}", "line 1", "delivery.rules[0]", "lacks \"tool\"")]
    [InlineData("{\"delivery\":{\"rules\":[\n{\"tool\":\"\"}]}}", "line 2", "delivery.rules[0].tool", "not empty")]
    [InlineData("{\"policy\":{}}", "line 1", "policy must be a list", "an object")]
    [InlineData("{\"policy\":[\n{\"effect\":\"deny\"}]}", "line 2", "policy[0] lacks \"name\"", "not empty")]
    [InlineData("{\"policy\":[\n{\"name\":\"\",\"effect\":\"deny\"}]}", "line 2", "policy[0].name", "not empty")]
    [InlineData("{\"policy\":[\n{\"name\":\"n\"}]}", "line 2", "policy[0] lacks \"effect\"", "allow, deny")]
    [InlineData("{\"policy\":[\n{\"name\":\"n\",\"effect\":\"block\"}]}", "line 2", "policy[0].effect", "allow, deny, and is \"block\"")]
    [InlineData("{\"policy\":[\n{\"name\":\"n\",\"effect\":null}]}", "line 2", "policy[0] lacks \"effect\"", "allow, deny")]
    [InlineData("{\"policy\":[7]}", "line 1", "policy[0]", "an object")]
    [InlineData("{\"limits\":{\"stringChars\":0}}", "line 1", "limits.stringChars", "from 1 to 10000, and is 0.")]
    [InlineData("{\"limits\":{\"depth\":65}}", "line 1", "limits.depth", "from 1 to 64")]
    [InlineData("{\"redaction\":{\"names\":[\n\"a\",\n\"--\"]}}", "line 3", "redaction.names[1]", "no letter or digit")]
    [InlineData("{\"redaction\":{\"patterns\":[\"(\"]}}", "line 1", "redaction.patterns[0]", "'('")]
    [InlineData("{\"redaction\":{\"patterns\":[\"(?=x)\"]}}", "line 1", "redaction.patterns[0]", "'(?=x)'")]
    [InlineData("{\"retention\":{\"days\":0}}", "line 1", "retention.days", "from 1 to 36500")]
    [InlineData("{\"integrity\":{\"witnesses\":{}}}", "line 1", "integrity.witnesses must be a list of witnesses", "an object")]
    [InlineData("{\"integrity\":{\"witnesses\":[\n{" + WitnessMember + "}]}}", "line 2", "integrity.witnesses[0] lacks \"url\"", "https")]
    [InlineData("{\"integrity\":{\"witnesses\":[\n{\"url\":\"https://w.example\"}]}}", "line 2", "integrity.witnesses[0] lacks \"key\"", "name+id+base64")]
    [InlineData("{\"integrity\":{\"witnesses\":[\n{\"url\":\"http://w.example\"," + WitnessMember + "}]}}", "line 2", "integrity.witnesses[0].url", "an https address")]
    [InlineData("{\"integrity\":{\"witnesses\":[\n{\"url\":\"https://w.example/?a\"," + WitnessMember + "}]}}", "line 2", "integrity.witnesses[0].url", "without user, query")]
    [InlineData("{\"integrity\":{\"witnesses\":[\n{\"url\":\"https://me@w.example/\"," + WitnessMember + "}]}}", "line 2", "integrity.witnesses[0].url", "without user")]
    [InlineData("{\"integrity\":{\"witnesses\":[\n{\"url\":\"ftp://127.0.0.1\"," + WitnessMember + "}]}}", "line 2", "integrity.witnesses[0].url", "https")]
    [InlineData("{\"integrity\":{\"witnesses\":[\n{\"url\":\"https://w.example\",\"key\":\"secret\"}]}}", "line 2", "integrity.witnesses[0].key", "a witness's key")]
    [InlineData("{\"integrity\":{\"witnesses\":[\n{\"url\":\"https://w.example\",\"key\":\"w+00000000+AAAA\"}]}}", "line 2", "integrity.witnesses[0].key", "has not 33 bytes")]
    [InlineData("{\"integrity\":{\"witnesses\":[\n{\"url\":\"https://w.example\",\"key\":\"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\"}]}}", "line 2", "integrity.witnesses[0].key", "cosignature/v1")]
    [InlineData("{\"integrity\":{\"witnesses\":[{\"url\":\"https://a.example\"," + WitnessMember + "},{\"url\":\"https://b.example\"," + WitnessMember + "}]}}", "line 1", "integrity.witnesses has two witnesses", Witness)]
    [InlineData("{\"server\":{\"urls\":\"localhost:80\"}}", "line 1", "server.urls", "http or https")]
    [InlineData("{\"server\":{\"allowInsecure\":\"yes\"}}", "line 1", "server.allowInsecure", "true or false, and is \"yes\"")]
    [InlineData("{\"server\":{\"otlpEndpoint\":\"collector\"}}", "line 1", "server.otlpEndpoint", "http or https")]
    [InlineData("{\"server\":{\n\"jwt\":{\n\"audience\":\"a\"}}}", "line 3", "server.jwt.audience needs", "server.jwt.authority")]
    [InlineData("{\"server\":{\"jwt\":{\"authority\":\"https://a.example\"}}}", "line 1", "server.jwt.authority needs", "server.jwt.audience")]
    [InlineData("{\"delivery\":{},\n\"delivery\":{}}", "line 2", "\"delivery\"", "second time")]
    [InlineData("{\n\"delivery\": {\n\"mode\": durable\n}}", "line 3", "not JSON", "'d' is an invalid")]
    [InlineData("{} {}", "line 1", "not JSON", "config.json")]
    [InlineData("[]", "line 1", "the configuration must be an object", "a list")]
    [InlineData("", "line 1", "not JSON", "config.json")]
    public void Load_WrongFile_SaysLineAndReasonAndWhatWouldBeRight(string json, params string[] expected)
    {
        Write(json);
        var message = Assert.Throws<TrailConfigurationException>(() => TrailConfiguration.Load(_home)).Message;
        Assert.All(expected, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.Contains(TrailConfiguration.FileOf(_home), message, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:7380")]
    [InlineData("http://[::1]:7380/prefix")]
    [InlineData("http://localhost/")]
    public void Load_WitnessOnLoopback_NeedsNoTls(string url)
    {
        Write($$$"""{"integrity":{"witnesses":[{"url":"{{{url}}}","key":"{{{Witness}}}"}]}}""");
        using var configuration = TrailConfiguration.Load(_home);
        Assert.Equal(new Uri(url), configuration.Current.Integrity.Witnesses.Single().Url);
    }

    [Fact]
    public void Load_MoreWitnessesThanANoteHasRoomFor_IsRefused()
    {
        var many = Enumerable.Range(0, 33).Select(i =>
        {
            using var key = new CosigningKey($"w{i}");
            return $$"""{"url":"https://w{{i}}.example","key":"{{key.Text}}"}""";
        });
        Write($$$"""{"integrity":{"witnesses":[{{{string.Join(',', many)}}}]}}""");
        Assert.Contains("has 33 witnesses, and may have 32", Assert.Throws<TrailConfigurationException>(() => TrailConfiguration.Load(_home)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileWithByteOrderMark_IsRead()
    {
        File.WriteAllText(TrailConfiguration.FileOf(_home), "{\"delivery\":{\"mode\":\"durable\"}}", new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        using var configuration = TrailConfiguration.Load(_home);
        Assert.Equal(DeliveryMode.Durable, configuration.Current.Delivery.Mode);
    }

    [Fact]
    public void Load_FileThatCannotBeRead_SaysSo()
    {
        Directory.CreateDirectory(TrailConfiguration.FileOf(_home));
        Assert.Contains("cannot be read", Assert.Throws<TrailConfigurationException>(() => TrailConfiguration.Load(_home)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileOfMoreThanAMebibyte_IsRefused()
    {
        Write(new string(' ', 1024 * 1024) + "{}");
        Assert.Contains("larger than 1024 KiB", Assert.Throws<TrailConfigurationException>(() => TrailConfiguration.Load(_home)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Options_GoBeforeTheFile()
    {
        Write("""{"server":{"urls":"http://127.0.0.1:1","allowInsecure":false},"delivery":{"mode":"durable"}}""");
        using var configuration = TrailConfiguration.Load(
            _home, new Dictionary<string, string> { ["server.urls"] = "http://127.0.0.1:2", ["server.allowInsecure"] = "true", ["redaction.names"] = """["badge"]""" });
        Assert.Equal(("http://127.0.0.1:2", true), (configuration.Current.Server.Urls, configuration.Current.Server.AllowInsecure));
        Assert.Equal(["badge"], configuration.Current.Redaction.Names);
        Assert.Equal(DeliveryMode.Durable, configuration.Current.Delivery.Mode);
        Assert.Contains(new ConfigurationValue("server.urls", "\"http://127.0.0.1:2\"", "option"), configuration.Values());
    }

    [Theory]
    [InlineData("server.url", "http://127.0.0.1:1", "\"server.urls\"")]
    [InlineData("server.allowInsecure", "yes", "true or false")]
    [InlineData("limits.depth", "deep", "from 1 to 64")]
    public void Load_WrongOption_SaysWhatWouldBeRight(string path, string value, string expected) => Assert.Contains(
        expected,
        Assert.Throws<TrailConfigurationException>(() => TrailConfiguration.Load(_home, new Dictionary<string, string> { [path] = value })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Fixed_Settings_AreTheValues()
    {
        using var configuration = TrailConfiguration.Fixed(new TrailSettings { Delivery = new() { Mode = DeliveryMode.WriteAhead } });
        Assert.Equal(DeliveryMode.WriteAhead, configuration.Current.Delivery.Mode);
        Assert.Contains(new ConfigurationValue("delivery.mode", "\"writeAhead\"", "program"), configuration.Values());
        Assert.Contains(new ConfigurationValue("delivery.queueFullWait", "\"100ms\"", "default"), configuration.Values());
    }

    private void Write(string json) => File.WriteAllText(TrailConfiguration.FileOf(_home), json);
}
