using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using ModelContextProtocol;
using ToolTrail.Home;

namespace ToolTrail.Server.AgentView;

/// <summary>Reads files for agents, from the folders that they are allowed and from no other.</summary>
/// <remarks>
/// Where a name leads is looked at before it is opened, so that nothing else is touched, and again once it is open, which decides: so no link, however it is exchanged
/// in between, leads out of the allowed folders.
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
    /// <returns>The piece.</returns>
    /// <exception cref="McpException">It is not there, not allowed or no text: the three are told apart only inside the allowed folders.</exception>
    public async Task<FilePiece> ReadAsync(Viewer viewer, string path, long offset, CancellationToken cancellationToken)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            throw new McpException("'path' names no file.");
        if (offset < 0)
            throw new McpException("'offset' is 0 or more.");
        var own = Path.Combine(_home.Path, _home.UserFolder(viewer.User));
        var allowed = new Allowed(_home, viewer, own, _configuration.Current.Server.FileRoots);
        var full = Path.GetFullPath(path, own);
        using var file = OpenFile.RealPathOf(full) is { } leadsTo && allowed.Contains(leadsTo) ? OpenFile.TryOpen(full) : null;
        if (file is null || !allowed.Contains(file.RealPath))
            throw new McpException($"'{path}' is not in a folder that may be read, or is not there.");
        if (!file.IsRegular)
            throw new McpException($"'{path}' is no file.");
        return await ReadAsync(file.Handle, offset, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<FilePiece> ReadAsync(SafeFileHandle handle, long offset, CancellationToken cancellationToken)
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

        return new FilePiece(text, offset + end < length ? offset + end : null, length);
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

    /// <summary>What a viewer may read. Of the home the viewer's own folder alone, or all users' folders, wherever the configured folders lie: never where keys are.</summary>
    private sealed class Allowed(TrailHome home, Viewer viewer, string own, IReadOnlyList<string> configured)
    {
        private readonly string? _home = OpenFile.RealPathOf(home.Path);
        private readonly List<string> _users = RealPathsOf(viewer.SeesAll ? home.UserFolders().Select(folder => Path.Combine(home.Path, folder)) : [own]);
        private readonly List<string> _configured = RealPathsOf(configured);

        public bool Contains(string realPath) => (_home is not null && IsInside(realPath, _home) ? _users : _configured).Exists(root => IsInside(realPath, root));

        private static List<string> RealPathsOf(IEnumerable<string> paths) => [.. paths.Select(OpenFile.RealPathOf).OfType<string>()];

        private static bool IsInside(string path, string root)
        {
            var comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
            return path.StartsWith(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, comparison);
        }
    }
}
