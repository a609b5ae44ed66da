using System.Text;
using System.Text.Json;
using ToolTrail.Records;

namespace ToolTrail.Tests.Records;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("password")]
    [InlineData("PASSWORD")]
    [InlineData("db_password")]
    [InlineData("userPassword")]
    [InlineData("x-api-key")]
    [InlineData("apiKey")]
    [InlineData("APIKey")]
    [InlineData("OPENAI_API_KEY")]
    [InlineData("apikey")]
    [InlineData("Authorization")]
    [InlineData("clientSecret")]
    [InlineData("aws.secret.access.key")]
    [InlineData("token2")]
    [InlineData("Set-Cookie")]
    [InlineData("private_key")]
    public void Member_WithASecretsName_IsReplaced(string name)
    {
        foreach (var value in new[] { "\"hunter2xyz\"", "12345678", "[\"hunter2xyz\"]", "{\"a\":\"hunter2xyz\"}", "true" })
        {
            var line = Lines.Json(Lines.Call($$"""{"outer":[{"{{name}}":{{value}}}]}"""));
            Assert.Equal("[redacted]", line.GetProperty("args").GetProperty("outer")[0].GetProperty(name).GetString());
            Assert.Equal([$"/args/outer/0/{name}"], line.GetProperty("redacted").EnumerateArray().Select(p => p.GetString()));
            Assert.True(line.TryGetProperty("args_digest", out _));
        }
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("tokenizer")]
    [InlineData("passwordless")]
    [InlineData("secretary")]
    [InlineData("key")]
    [InlineData("monkey")]
    [InlineData("keypath")]
    public void Member_WithAnotherName_Stays(string name)
    {
        var line = Lines.Json(Lines.Call($$"""{"{{name}}":"value"}"""));
        Assert.Equal("value", line.GetProperty("args").GetProperty(name).GetString());
        Assert.False(line.TryGetProperty("redacted", out _));
    }

    [Theory]
    [InlineData("export PASSWORD=hunter2 && run", "export PASSWORD=[redacted] && run")]
    [InlineData("PASSWORD='a b c' run", "PASSWORD='[redacted]' run")]
    [InlineData("PGPASSWORD=x psql", "PGPASSWORD=x psql")]
    [InlineData("""{"secret": "x\"y", "a": 1}""", """{"secret": "[redacted]", "a": 1}""")]
    [InlineData("""{\"secret\": \"xyz\", \"a\": 1}""", """{\"secret\": \"[redacted]\", \"a\": 1}""")]
    [InlineData("""{"secret": 12345, "a": 1}""", """{"secret": [redacted] "a": 1}""")]
    [InlineData("curl -H 'Authorization: Digest a=b, c=d' http://x", "curl -H 'Authorization: [redacted]' http://x")]
    [InlineData("Cookie: a=b; c=d\nAccept: x", "Cookie: [redacted]\nAccept: x")]
    [InlineData("run --token abc --verbose", "run --token [redacted] --verbose")]
    [InlineData("run --api-key=abc --verbose", "run --api-key=[redacted] --verbose")]
    [InlineData("run --token --verbose", "run --token --verbose")]
    [InlineData("mkdir -p x", "mkdir -p x")]
    [InlineData("http://h/p?access_token=abc&x=1", "http://h/p?access_token=[redacted]&x=1")]
    [InlineData("password:hunter2", "password:[redacted]")]
    [InlineData("the password is wrong", "the password is wrong")]
    [InlineData("token: {\"a\": {\"b\": \"}\"}} tail", "token: [redacted] tail")]
    [InlineData("Bearer abcdef123456 tail", "Bearer [redacted] tail")]
    [InlineData("the bearer token.", "the bearer token.")]
    [InlineData("Basic dXNlcjpwYXNzd29yZA== tail", "Basic [redacted] tail")]
    [InlineData("a basic functionality test", "a basic functionality test")]
    [InlineData("postgres://bob:p@ss@host/db", "postgres://bob:[redacted]@host/db")]
    [InlineData("see https://host:8080/a@b", "see https://host:8080/a@b")]
    [InlineData("x ghp_0123456789abcdefghijABCDEFGHIJ012345 y", "x [redacted] y")]
    [InlineData("x AKIAIOSFODNN7EXAMPLE y", "x [redacted] y")]
    [InlineData("x tt_0123456789ab_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLM-_01 y", "x [redacted] y")]
    [InlineData("set tt_options and http_proxy", "set tt_options and http_proxy")]
    [InlineData("use sk-ant-api03-AbCdEfGh0123456789_-xyz.", "use [redacted].")]
    [InlineData("a task-oriented-and-risk-free-approach", "a task-oriented-and-risk-free-approach")]
    [InlineData("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc-def_123 y", "jwt [redacted] y")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- tail", "[redacted] tail")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIE", "[redacted]")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIE", "-----BEGIN CERTIFICATE-----\nMIIE")]
    public void SecretInText_IsReplacedAlone(string text, string expected)
    {
        var line = Lines.Json(Lines.Call($$"""{"command":{{JsonSerializer.Serialize(text)}}}""", result: text) with { Reason = text, Error = new ToolCallError("T", text) });
        Assert.Equal(expected, line.GetProperty("args").GetProperty("command").GetString());
        Assert.Equal(expected, line.GetProperty("result_snippet").GetString());
        Assert.Equal(expected, line.GetProperty("reason").GetString());
        Assert.Equal(expected, line.GetProperty("error").GetProperty("message").GetString());
        string[] pointers = text == expected ? [] : ["/args/command", "/result_snippet", "/reason", "/error/message"];
        Assert.Equal(pointers, line.TryGetProperty("redacted", out var redacted) ? redacted.EnumerateArray().Select(p => p.GetString()!) : []);
        Assert.Equal(text.Length, line.GetProperty("result_chars").GetInt32());
    }

    [Fact]
    public void SecretInAMembersName_IsReplaced() =>
        Assert.DoesNotContain("abcdef123456", Lines.Text(Lines.Call("""{"Bearer abcdef123456":1}""")), StringComparison.Ordinal);

    [Fact]
    public void SecretBehindTheCut_IsLookedForBeforeCutting()
    {
        var text = new string('a', 490) + " password=0123456789012345678901234567890123456789";
        Assert.DoesNotContain("0123", Lines.Text(Lines.Call($$"""{"x":"{{text}}"}""")), StringComparison.Ordinal);
    }

    [Fact]
    public void UsersOwnNamesAndPatterns_AreFound()
    {
        var codec = Lines.Codec(redaction: new RedactionSettings { Names = ["employee_id"], Patterns = [@"\bACME-\d+\b"] });
        var text = Lines.Text(Lines.Call("""{"employeeId":"e77","note":"ACME-123 and employee_id=e78, password=p79"}"""), codec);
        Assert.DoesNotContain("e77", text, StringComparison.Ordinal);
        Assert.Contains("\"[redacted] and employee_id=[redacted] password=[redacted]\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(a)\\1")]
    [InlineData("(")]
    [InlineData("(?=a)")]
    public void PatternThatIsNotLinear_IsRefused(string pattern) =>
        Assert.Contains(pattern, Assert.Throws<ArgumentException>(() => Lines.Codec(redaction: new RedactionSettings { Patterns = [pattern] })).Message, StringComparison.Ordinal);

    [Fact]
    public void RedactedRecord_EncodedAgain_StaysAsItIs()
    {
        var once = Lines.Bytes(Lines.Call("""{"password":"p","c":"TOKEN=abc --secret 'x' Authorization: y"}"""));
        Assert.Equal(Encoding.UTF8.GetString(once), Lines.Text(Lines.Decode(once)));
    }

    [Theory]
    [InlineData("eyJ")]
    [InlineData("token_")]
    [InlineData("token ")]
    [InlineData("://")]
    [InlineData("a://b:")]
    [InlineData("-----BEGIN PRIVATE KEY")]
    [InlineData("sk-")]
    [InlineData("bearer ")]
    [InlineData("password=\"")]
    public void TextMadeOfTriggers_TakesLinearTime(string trigger)
    {
        // Quadratic time would take minutes here.
        var text = string.Concat(Enumerable.Repeat(trigger, 4_000_000 / trigger.Length));
        Assert.NotEmpty(Lines.Bytes(Lines.Call(result: text)));
    }
}
