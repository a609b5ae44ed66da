using Microsoft.Extensions.AI;

namespace ToolTrail.Extensions.AI;

/// <summary>The calls that a person rejected: they reach no function, and are seen in the answers to the requests for approval alone.</summary>
internal static class Rejections
{
    /// <summary>Finds the rejections that a request brings and that were not answered before.</summary>
    /// <param name="messages">The request's.</param>
    /// <returns>Each call, and why.</returns>
    public static IEnumerable<(FunctionCallContent Call, string Reason)> In(IReadOnlyCollection<ChatMessage> messages)
    {
        HashSet<string>? answered = null;
        foreach (var response in messages.SelectMany(message => message.Contents).OfType<ToolApprovalResponseContent>())
        {
            if (response.Approved || response.ToolCall is not FunctionCallContent call)
                continue;
            // A history that is sent again holds the rejection and, behind it, the result that the model was given.
            answered ??= [.. messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.CallId)];
            if (answered.Add(call.CallId))
                yield return (call, string.IsNullOrWhiteSpace(response.Reason) ? "rejected by a person" : $"rejected by a person: {response.Reason}");
        }
    }
}
