using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using ModelContextProtocol;
using ToolTrail.Home;

namespace ToolTrail.Server.AgentView;

/// <summary>Reads files for agents, from the folders that they are allowed and from no other.</summary>
/// <remarks>
/// A file is opened first and looked at afterwards: where it is open, and not where its name led before, decides. So no link, however it is exchanged in between, leads
/// out of the allowed folders.
/// </remarks>
internal sealed class FileTool
{
    private const int MostBytes = 50 * 1024;

    private readonly TrailHome _home;
    private readonly TrailConfiguration _configuration;

    public FileTool(TrailHome home, TrailConfiguration configuration)
    {
        _home = home;
        _configuration = configuration;
    }

    /// <summary>Reads a piece of a file.</summary>
    /// <param name="viewer">Who reads.</param>
    /// <param name="path">Absolute, or from the viewer's own folder.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The text, and where the next piece begins.</returns>
    /// <exception cref="McpException">It is not there, not allowed or no text: the three are told apart only inside the allowed folders.</exception>
    public async Task<string> ReadAsync(Viewer viewer, string path, long offset, CancellationToken cancellationToken)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            throw new McpException("'path' names no file.");
        if (offset < 0)
            throw new McpException("'offset' is 0 or more.");
        var own = Path.Combine(_home.Path, _home.UserFolder(viewer.User));
        var roots = RootsOf(viewer, own);
        using var file = OpenFile.TryOpen(Path.GetFullPath(path, own)) is { } opened && roots.Any(root => IsInside(opened.RealPath, root))
            ? opened
            : throw new McpException($"'{path}' is not in a folder that may be read, or is not there.");
        if (!file.IsRegular)
            throw new McpException($"'{path}' is no file.");
        return await ReadAsync(file.Handle, offset, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<string> ReadAsync(SafeFileHandle handle, long offset, CancellationToken cancellationToken)
    {
        var length = RandomAccess.GetLength(handle);
        if (offset > length)
            throw new McpException(string.Create(CultureInfo.InvariantCulture, $"The file has {length} bytes."));
        var buffer = new byte[(int)Math.Min(MostBytes, length - offset)];
        var read = await RandomAccess.ReadAsync(handle, buffer, offset, cancellationToken).ConfigureAwait(false);
        var bytes = buffer.AsMemory(0, read);
        if (bytes.Span.Contains((byte)0))
            throw new McpException("The file is binary.");
        // Never in the middle of a character.
        var end = offset + read < length ? WholeCharacters(bytes.Span) : read;
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.Span[..end]);
        }
        catch (DecoderFallbackException)
        {
            throw new McpException("The file is no UTF-8 text, or 'offset' is in the middle of a character.");
        }

        return offset + end < length
            ? string.Create(CultureInfo.InvariantCulture, $"{text}\n[{length - offset - end} bytes more: go on at offset {offset + end}]")
            : text;
    }

    private static int WholeCharacters(ReadOnlySpan<byte> utf8)
    {
        for (var i = 1; i <= Math.Min(4, utf8.Length); i++)
        {
            var lead = utf8[^i];
            if ((lead & 0xC0) == 0x80)
                continue;
            var size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
            return size <= i ? utf8.Length : utf8.Length - i;
        }

        return utf8.Length;
    }

    private static bool IsInside(string path, string root)
    {
        var comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        return path.StartsWith(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, comparison);
    }

    // Who may read all records may read all users' folders: never the installation's own, where keys lie.
    private List<string> RootsOf(Viewer viewer, string own)
    {
        var folders = viewer.SeesAll ? _home.UserFolders().Select(folder => Path.Combine(_home.Path, folder)) : [own];
        return [.. folders.Concat(_configuration.Current.Server.FileRoots).Select(OpenFile.RealPathOf).OfType<string>()];
    }
}
