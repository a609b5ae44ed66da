using System.Text;
using Spectre.Console;

namespace ToolTrail.Cli.Output;

/// <summary>Standard output: coloured and cut to its width on a terminal; plain, whole and buffered anywhere else.</summary>
internal sealed class Screen
{
    private readonly IAnsiConsole? _terminal;
    private readonly Stream _plain;

    private Screen(IAnsiConsole? terminal, Stream plain)
    {
        _terminal = terminal;
        _plain = plain;
    }

    /// <summary>Columns of the terminal; <c>null</c>: no terminal, so nothing is cut.</summary>
    public int? Width => _terminal?.Profile.Width;

    /// <summary>Whether it is a terminal.</summary>
    public bool IsTerminal => _terminal is not null;

    /// <summary>This process's standard output.</summary>
    public static Screen Standard()
    {
        if (Console.IsOutputRedirected)
            return new Screen(null, new BufferedStream(Console.OpenStandardOutput(), 64 * 1024));
        // A terminal on Windows starts with the code page of its time.
        if (OperatingSystem.IsWindows())
            Console.OutputEncoding = Encoding.UTF8;
        return new Screen(AnsiConsole.Console, Stream.Null);
    }

    /// <summary>Writes a line of text that is safe to show.</summary>
    public void WriteLine(string text, Style? style = null) => WriteLine([new Cell(text, style)]);

    /// <summary>Writes a line made of pieces that are safe to show.</summary>
    public void WriteLine(IReadOnlyList<Cell> pieces)
    {
        if (_terminal is null)
        {
            foreach (var piece in pieces)
                _plain.Write(Encoding.UTF8.GetBytes(piece.Text));
            _plain.WriteByte((byte)'\n');
            return;
        }

        var line = new Paragraph();
        foreach (var piece in pieces)
            line.Append(piece.Text, piece.Style);
        _terminal.Write(line);
        _terminal.WriteLine();
    }

    /// <summary>Writes a stored line, byte for byte; on a terminal, what could control it stands as JSON escapes.</summary>
    public void WriteStored(ReadOnlySpan<byte> line)
    {
        if (_terminal is null)
        {
            _plain.Write(line);
            _plain.WriteByte((byte)'\n');
        }
        else
        {
            Console.Out.WriteLine(SafeText.Escape(Encoding.UTF8.GetString(line)));
        }
    }

    /// <summary>Hands on what was written.</summary>
    public void Flush() => _plain.Flush();
}
