using Microsoft.Extensions.AI;

namespace ToolTrail.Extensions.AI;

/// <summary>The results of calls that were left to the caller: of tools that are declared here and run elsewhere, and of those that the model asked for along with them.</summary>
internal static class CallerResults
{
    private const int MostLeft = 1_000;

    // Of the process: a client may be made anew for each request. Most services make ids that are unique; where one counts, a user's are at least that user's.
    private static readonly Lock Lock = new();
    private static readonly Dictionary<(string User, string CallId), FunctionCallContent> Calls = [];
    private static readonly Queue<(string User, string CallId)> Order = [];

    /// <summary>Remembers a call: its result may come without it, where the service or the session keeps the history.</summary>
    /// <param name="user">On whose behalf it was made.</param>
    /// <param name="call">The call.</param>
    public static void Leave(string user, FunctionCallContent call)
    {
        var key = (user, call.CallId);
        lock (Lock)
        {
            if (!Calls.ContainsKey(key))
                Order.Enqueue(key);
            Calls[key] = call;
            if (Order.Count > MostLeft)
                Calls.Remove(Order.Dequeue());
        }
    }

    /// <summary>Finds the results that a request brings.</summary>
    /// <param name="user">On whose behalf the request is made.</param>
    /// <param name="messages">The request's.</param>
    /// <returns>Each result with its call. A result whose call is neither in the messages nor remembered has no name to be recorded by.</returns>
    public static IEnumerable<(FunctionCallContent Call, FunctionResultContent Result)> In(string user, IReadOnlyCollection<ChatMessage> messages)
    {
        foreach (var result in LatestMessages.Of(messages).SelectMany(message => message.Contents).OfType<FunctionResultContent>())
        {
            var asked = messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().LastOrDefault(call => call.CallId == result.CallId);
            // A function-invoking client marks the calls that it has dealt with.
            if ((asked ?? Left(user, result.CallId)) is { InformationalOnly: false } call)
                yield return (call, result);
        }
    }

    private static FunctionCallContent? Left(string user, string callId)
    {
        lock (Lock)
            return Calls.GetValueOrDefault((user, callId));
    }
}
