using System.Diagnostics;
using System.Globalization;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Server.Access;

namespace ToolTrail.Server.Otlp;

/// <summary>An export of spans on its way into the trail.</summary>
internal sealed class SpanExport
{
    private const int MostErrorChars = 500;
    private readonly ToolCallRecorder _recorder;
    private readonly Caller _caller;
    private readonly List<Task> _writing = [];
    private string? _firstReason;

    public SpanExport(ToolCallRecorder recorder, Caller caller)
    {
        _recorder = recorder;
        _caller = caller;
        // The request that brings a span is no part of its trace.
        Activity.Current = null;
    }

    /// <summary>How many were rejected because the key may not write for their user.</summary>
    public long Foreign { get; private set; }

    /// <summary>How many were rejected, for whatever reason.</summary>
    public long Rejected { get; private set; }

    /// <summary>Why; empty: none was.</summary>
    public string ErrorMessage
    {
        get
        {
            if (_firstReason is null)
                return "";
            var reason = _firstReason.Length > MostErrorChars ? _firstReason[..MostErrorChars] + "…" : _firstReason;
            return string.Create(CultureInfo.InvariantCulture, $"{Rejected} of the execute_tool spans were rejected; the first: {reason}");
        }
    }

    /// <summary>Stores a span, if it is a tool's. It may change once this returns.</summary>
    public void Store(SpanData span)
    {
        if (!ToolSpan.Is(span))
            return;
        var user = _caller.Users is [var only] && only != "*" ? only : ToolSpan.UserOf(span);
        if (user is null)
        {
            Reject("it names no user: send user.id with the span or its resource, or use a key of one user");
        }
        else if (!_caller.MayWriteFor(user))
        {
            Foreign++;
            Reject($"the key may not write for the user '{user}'");
        }
        else
        {
            try
            {
                _writing.Add(_recorder.RecordAsync(ToolSpan.ToRecord(span, user), DeliveryMode.Durable).AsTask());
            }
            catch (RecordRefusedException e)
            {
                Reject(e.Message);
            }
        }
    }

    /// <summary>Waits until all that are stored are on disk.</summary>
    /// <exception cref="TrailWriteException">Some could not be written.</exception>
    public Task FinishAsync() => Task.WhenAll(_writing);

    private void Reject(string reason)
    {
        Rejected++;
        _firstReason ??= reason;
    }
}
