using System.Diagnostics;
using System.Globalization;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Server.Access;
using ToolTrail.Server.Otlp.Wire;

namespace ToolTrail.Server.Otlp;

/// <summary>An export of spans on its way into the trail.</summary>
internal sealed class SpanExport
{
    private readonly ToolCallRecorder _recorder;
    private readonly Caller _caller;
    private readonly List<Task> _writing = [];
    private long _rejected;
    private string? _firstReason;

    public SpanExport(ToolCallRecorder recorder, Caller caller)
    {
        _recorder = recorder;
        _caller = caller;
    }

    /// <summary>How many were rejected because the key may not write for their user.</summary>
    public long Foreign { get; private set; }

    /// <summary>What the exporter is told.</summary>
    public ExportTraceServiceResponse Answer => _rejected == 0 ? new() : new()
    {
        PartialSuccess = new ExportTracePartialSuccess
        {
            RejectedSpans = _rejected,
            ErrorMessage = string.Create(CultureInfo.InvariantCulture, $"{_rejected} of the execute_tool spans were rejected; the first: {_firstReason}"),
        },
    };

    /// <summary>Stores the spans of tools.</summary>
    /// <returns>Once all that are stored are on disk.</returns>
    /// <exception cref="TrailWriteException">Some could not be written.</exception>
    public async Task StoreAsync(ExportTraceServiceRequest request)
    {
        // The request that brings a span is no part of its trace.
        Activity.Current = null;
        foreach (var resource in request.ResourceSpans)
        {
            foreach (var span in resource.ScopeSpans.SelectMany(scope => scope.Spans))
                Store(span, new SpanAttributes(span.Attributes, resource.Resource?.Attributes ?? []));
        }

        await Task.WhenAll(_writing);
    }

    private void Store(Span span, SpanAttributes attributes)
    {
        if (!ToolSpan.Is(span, attributes))
            return;
        var user = _caller.Users is [var only] && only != "*" ? only : ToolSpan.UserOf(attributes);
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
                _writing.Add(_recorder.RecordAsync(ToolSpan.ToRecord(span, attributes, user), DeliveryMode.Durable).AsTask());
            }
            catch (RecordRefusedException e)
            {
                Reject(e.Message);
            }
        }
    }

    private void Reject(string reason)
    {
        _rejected++;
        _firstReason ??= reason;
    }
}
