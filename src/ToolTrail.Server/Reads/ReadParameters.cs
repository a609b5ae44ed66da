using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using ToolTrail.Server.Errors;

namespace ToolTrail.Server.Reads;

/// <summary>The ranges of what readers are asked.</summary>
internal static class ReadParameters
{
    public const int MostDays = 36_500;
    public const int MostRecords = 10_000;
    public const int DefaultDays = 7;

    /// <summary>Reads a date like 2026-11-23; there is no other spelling.</summary>
    public static bool TryReadDay(string? text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>The answer to a number out of its range; <c>null</c>: all are in it.</summary>
    public static ProblemHttpResult? Check(int days, int limit = 1)
    {
        if (days is < 1 or > MostDays)
            return Problems.BadRequest($"'days' is a number from 1 to {MostDays}.");
        return limit is < 1 or > MostRecords ? Problems.BadRequest($"'limit' is a number from 1 to {MostRecords}.") : null;
    }
}
