using System.Buffers.Binary;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Seals;

/// <summary>The seal log over HTTP, as monitors read it.</summary>
public sealed class SealLogTests
{
    private const string Log = "/api/audit/seals/";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TileClient_WithNothingButTheKey_FindsEveryEntryUnderTheSignedRoot()
    {
        await using var server = await TestServer.StartAsync(new ServerSettings { Urls = "http://127.0.0.1:0", OpenSeals = true });
        await server.SealAsync(Enumerable.Range(0, 260).Select(number => $"user{number}"));
        var client = server.Client();

        var key = VerifierKey.Parse((await client.GetStringAsync(Log + "keys", Cancel)).TrimEnd('\n'));
        var note = SignedNote.Parse(await client.GetByteArrayAsync(Log + "checkpoint", Cancel));
        Assert.True(key.Signed(note));
        var checkpoint = Checkpoint.Parse(note.Text);
        Assert.Equal(server.Home.Installation, checkpoint.Origin);
        Assert.InRange(checkpoint.Size, 260, 511);

        var (last, users) = ($"001.p/{checkpoint.Size - 256}", new List<string>());
        var (ofEntries, ofHashes) = (new MerkleTree(), new MerkleTree());
        foreach (var name in new[] { "000", last })
        {
            foreach (var entry in Entries(await client.GetByteArrayAsync($"{Log}tile/entries/{name}", Cancel)))
            {
                ofEntries.Add(MerkleHash.Leaf(entry.Span));
                users.Add(Checkpoint.Parse(SignedNote.Parse(entry.Span).Text).Origin.Split('/')[1]);
            }

            foreach (var hash in (await client.GetByteArrayAsync($"{Log}tile/0/{name}", Cancel)).Chunk(MerkleHash.Size))
                ofHashes.Add(new MerkleHash(hash));
        }

        Assert.Equal((checkpoint.Size, checkpoint.Root), (ofEntries.Size, ofEntries.Root()));
        Assert.Equal(checkpoint.Root, ofHashes.Root());
        Assert.Superset(Enumerable.Range(0, 260).Select(number => $"user{number}").ToHashSet(), users.ToHashSet());
        Assert.Equal(MerkleHash.Size, (await client.GetByteArrayAsync(Log + "tile/1/000.p/1", Cancel)).Length);
    }

    [Fact]
    public async Task Files_SayWhatTheyAre_AndHowLongTheyStay()
    {
        await using var server = await TestServer.StartAsync();
        await server.SealAsync(Enumerable.Range(0, 256).Select(number => $"user{number}"));
        var auditor = await server.ClientAsync(Role.Auditor);

        Assert.Equal(("application/octet-stream", "max-age=31536000, private, immutable"), await HeadersAsync("tile/entries/000"));
        Assert.Equal(("application/octet-stream", "max-age=31536000, private, immutable"), await HeadersAsync("tile/0/000"));
        Assert.Equal(("application/octet-stream", "no-store"), await HeadersAsync("tile/1/000.p/1"));
        Assert.Equal(("text/plain; charset=utf-8", "no-store"), await HeadersAsync("checkpoint"));
        Assert.Equal(("text/plain; charset=utf-8", "no-store"), await HeadersAsync("keys"));
        Assert.Equal(HttpStatusCode.NotFound, await auditor.StatusOfAsync(Log + "tile/0/000.p/200"));

        async Task<(string?, string?)> HeadersAsync(string name)
        {
            using var response = await auditor.GetAsync(Log + name, Cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return (response.Content.Headers.ContentType?.ToString(), string.Join(", ", response.Headers.GetValues("Cache-Control")));
        }
    }

    [Theory]
    [InlineData(Role.Admin, HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData(Role.Auditor, HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData(Role.User, HttpStatusCode.Forbidden, HttpStatusCode.OK)]
    [InlineData(Role.Producer, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    public async Task Role_MayReadTheLog_AndItsKeys_AsTheDesignSays(Role role, HttpStatusCode log, HttpStatusCode keys)
    {
        await using var server = await TestServer.StartAsync();
        await server.SealAsync("alice");
        var client = await server.ClientAsync(role, role is Role.User or Role.Producer ? ["alice"] : []);

        Assert.Equal(log, await client.StatusOfAsync(Log + "checkpoint"));
        Assert.Equal(log, await client.StatusOfAsync(Log + "tile/entries/000.p/1"));
        Assert.Equal(log, await client.StatusOfAsync(Log + "tile/0/000.p/1"));
        Assert.Equal(keys, await client.StatusOfAsync(Log + "keys"));
        Assert.Empty(await server.ReadsAsync());
    }

    [Fact]
    public async Task Log_IsClosed_UntilTheConfigurationOpensIt_AndOnlyTheLog()
    {
        await using var server = await TestServer.StartAsync(config: "{}");
        await server.SealAsync("alice");
        var anyone = server.Client();
        string[] files = ["checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1", "keys"];

        foreach (var file in files)
        {
            using var response = await anyone.GetAsync(Log + file, Cancel);
            await response.ProblemAsync(HttpStatusCode.Unauthorized);
        }

        await File.WriteAllTextAsync(server.ConfigPath, """{"server":{"openSeals":true}}""", Cancel);
        await Eventually.HoldsAsync("the log is open", async () => await anyone.StatusOfAsync(Log + "checkpoint") == HttpStatusCode.OK);
        foreach (var file in files)
            Assert.Equal(HttpStatusCode.OK, await anyone.StatusOfAsync(Log + file));
        Assert.Equal(HttpStatusCode.OK, await (await server.ClientAsync(Role.Producer, "*")).StatusOfAsync(Log + "checkpoint"));
        Assert.Equal(HttpStatusCode.Unauthorized, await anyone.StatusOfAsync("/api/audit/verify"));
        Assert.Equal(HttpStatusCode.Unauthorized, await anyone.StatusOfAsync("/api/audit/proof?user=alice&day=2026-11-23&line=0"));
        Assert.Equal(HttpStatusCode.Unauthorized, await anyone.StatusOfAsync("/api/audit/recent"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("signing.key")]
    [InlineData("tile")]
    [InlineData("tile/")]
    [InlineData("tile/0")]
    [InlineData("tile/entries/000")]
    [InlineData("tile/entries/000.p/200")]
    [InlineData("tile/entries/000.p/1/")]
    [InlineData("tile/entries//000.p/1")]
    [InlineData("tile/entries/000.p%2f1")]
    [InlineData("tile/entries/000.p/01")]
    [InlineData("tile/entries/000.p/1%0a")]
    [InlineData("tile/entries/x000/000.p/1")]
    [InlineData("tile/ENTRIES/000.p/1")]
    [InlineData("tile/0/000.p/1.tmp")]
    [InlineData("tile/../checkpoint.tmp")]
    [InlineData("tile/../../signing.key")]
    [InlineData("tile/%2e%2e/%2e%2e/signing.key")]
    [InlineData("tile/..%2f..%2fsigning.key")]
    [InlineData("tile/%2e%2e%2f%2e%2e%2fsigning.key")]
    [InlineData("tile/..%252f..%252fsigning.key")]
    [InlineData("tile/..%5c..%5csigning.key")]
    [InlineData("tile/0/..%2f..%2f..%2fkeys.json")]
    [InlineData("tile/%2fetc%2fpasswd")]
    [InlineData("tile//etc/passwd")]
    public async Task NothingButTheLayout_IsServed(string name)
    {
        await using var server = await TestServer.StartAsync();
        await server.SealAsync("alice");
        // So that the paths above would lead to files.
        await File.WriteAllTextAsync(Path.Combine(server.Home.SystemPath, "seals", "checkpoint.tmp"), "", Cancel);
        await File.WriteAllTextAsync(Path.Combine(server.Home.SystemPath, "seals", "tile", "0", "000.p", "1.tmp"), "", Cancel);

        Assert.Equal(HttpStatusCode.NotFound, await (await server.ClientAsync(Role.Admin)).StatusOfRawAsync(Log + name));
    }

    [Fact]
    public async Task Checkpoint_BeforeAnythingIsSealed_IsNotFound()
    {
        await using var server = await TestServer.StartAsync(config: """{"integrity":{"seal":false}}""");
        using var response = await (await server.ClientAsync(Role.Auditor)).GetAsync(Log + "checkpoint", Cancel);

        Assert.Contains("sealed yet", await response.ProblemAsync(HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_IsTheOneThatTheConfigurationNames()
    {
        using var folder = new TempFolder();
        await using var server = await TestServer.StartAsync(config: $$"""{"integrity":{"signingKey":"{{folder.At("trail.key")}}"} }""");
        await server.SealAsync("alice");
        var auditor = await server.ClientAsync(Role.Auditor);

        var key = SigningKey.Parse((await File.ReadAllTextAsync(folder.At("trail.key"), Cancel)).TrimEnd('\n')).Verifier;

        Assert.Equal($"{key}\n", await auditor.GetStringAsync(Log + "keys", Cancel));
        Assert.True((await auditor.GetJsonAsync("/api/audit/verify")).GetProperty("intact").GetBoolean());
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Entries(ReadOnlyMemory<byte> bundle)
    {
        for (; !bundle.IsEmpty; bundle = bundle[(2 + BinaryPrimitives.ReadUInt16BigEndian(bundle.Span))..])
            yield return bundle.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(bundle.Span));
    }
}
