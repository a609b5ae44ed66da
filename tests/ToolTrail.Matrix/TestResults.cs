using System.Xml.Linq;

namespace ToolTrail.Matrix;

/// <summary>What a test showed: that a capture records a way in which a call can end.</summary>
/// <param name="Capture">The capture.</param>
/// <param name="Ending">The way.</param>
/// <param name="Passed">Whether it did.</param>
internal sealed record TestResult(string Capture, string Ending, bool Passed);

/// <summary>Reads the reports of xunit (its XML, version 2 and later).</summary>
internal static class TestResults
{
    /// <summary>The results of a report that are about captures.</summary>
    public static IEnumerable<TestResult> Read(string path) =>
        from test in XDocument.Load(path).Descendants("test")
        from capture in Traits(test, "Capture")
        from ending in Traits(test, "Ending")
        select new TestResult(capture, ending, (string?)test.Attribute("result") == "Pass");

    private static IEnumerable<string> Traits(XElement test, string name) =>
        test.Descendants("trait").Where(trait => (string?)trait.Attribute("name") == name).Select(trait => (string)trait.Attribute("value")!);
}
