using System.Runtime.CompilerServices;
using Xunit;

namespace ToolTrail.Testing;

/// <summary>Text that a person has approved, kept in the folder <c>Approved</c> beside the test.</summary>
public static class Approved
{
    /// <summary>
    /// Fails unless the text is the approved one, and leaves it beside that as <c>NAME.received.txt</c>: look at the difference, and
    /// rename it to <c>NAME.txt</c> if it is right.
    /// </summary>
    public static void Verify(string name, string text, [CallerFilePath] string test = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(test)!, "Approved");
        var approved = Path.Combine(folder, $"{name}.txt");
        var received = Path.Combine(folder, $"{name}.received.txt");
        var expected = File.Exists(approved) ? File.ReadAllText(approved) : "";
        if (text == expected)
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(received, text);
        Assert.Equal(expected, text);
    }
}
