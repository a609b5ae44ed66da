using Microsoft.Extensions.AI;

namespace ToolTrail.Extensions.AI;

/// <summary>The calls that a person rejected: they reach no function, and are seen in the answers to the requests for approval alone.</summary>
internal static class Rejections
{
    /// <summary>Finds the rejections that a request brings and that were not answered before.</summary>
    /// <param name="messages">The request's.</param>
    public static IEnumerable<ToolApprovalResponseContent> In(IReadOnlyCollection<ChatMessage> messages)
    {
        HashSet<string>? answered = null;
        foreach (var response in messages.SelectMany(message => message.Contents).OfType<ToolApprovalResponseContent>())
        {
            if (response.Approved)
                continue;
            // A history that is sent again holds the rejection and, behind it, the result that the model was given.
            answered ??= [.. messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.CallId)];
            // Of a tool that the provider was to run there is none.
            var isNew = response.ToolCall is FunctionCallContent || LatestMessages.Of(messages).Any(message => message.Contents.Contains(response));
            if (isNew && answered.Add(response.ToolCall.CallId))
                yield return response;
        }
    }

    /// <summary>Who decided, and what they said.</summary>
    public static string ReasonOf(ToolApprovalResponseContent rejection) =>
        string.IsNullOrWhiteSpace(rejection.Reason) ? "rejected by a person" : $"rejected by a person: {rejection.Reason}";
}
