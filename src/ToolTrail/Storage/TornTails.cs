using ToolTrail.Records;

namespace ToolTrail.Storage;

/// <summary>Takes away what torn writes left at the ends of a user's parts. Used under the folder's lock alone.</summary>
internal sealed class TornTails
{
    private readonly StoreContext _context;
    private readonly string _user;
    private readonly string _userFolder;

    public TornTails(StoreContext context, string user)
    {
        _context = context;
        _user = user;
        _userFolder = context.Home.UserFolder(user);
    }

    /// <summary>Why a part may not be cut; <c>null</c>: it may. What was signed is never cut away: then the part was changed.</summary>
    public PartObjection? ObjectionTo(DayPart part, long torn)
    {
        var name = new PartName(_userFolder, part.Name);
        return _context.Guard is { } guard && guard.SignedUpTo(name) is var signed && torn < signed
            ? guard.Alarm(name, $"from byte {torn} on it has no whole lines, and it was signed up to byte {signed}: it was changed")
            : null;
    }

    /// <summary>Cuts a part where it is torn, and keeps what is cut; a last line that is whole but for its LF gets it.</summary>
    /// <returns>The line that tells of it in the trail; empty when nothing was cut.</returns>
    public byte[] Repair(DayPart part, long torn, long length)
    {
        if (IsRecord(part.File, torn, length))
        {
            part.EndLine(length);
            return [];
        }

        var bytes = TornBytes.Keep(_context.Home, _userFolder, part.Name, part.File, torn);
        part.Truncate(torn);
        _context.Logger.TornTailCut(_user, part.Name.ToString(), bytes);
        var cause = $"a torn write: from byte {torn} on there were no whole lines; what was cut is kept in .tooltrail/torn";
        return OwnLine.Recovery(_user, bytes, cause, _context.NowWithin(part.Name.Day));
    }

    private static bool IsRecord(PartBytes file, long from, long to)
    {
        if (to - from > RecordCodec.MaxLineBytes)
            return false;
        return RecordHeader.TryRead(LineScanner.ReadFully(file, new byte[to - from], from), TimeZoneInfo.Utc, out _);
    }
}
