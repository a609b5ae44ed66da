// Writes the table of captures and of the ways in which a call can end into a document, from what the tests said: Matrix DOCUMENT RESULTS.xml...
// A cell holds how many tests showed it, or the number of the note that says why its host makes it impossible.
using ToolTrail.Matrix;

if (args is not [var document, .. { Length: > 0 } files])
{
    Console.Error.WriteLine("Usage: ToolTrail.Matrix DOCUMENT RESULTS.xml...");
    return 2;
}

var results = files.SelectMany(TestResults.Read).ToList();
var empty = CaptureTable.Write(document, results);
foreach (var (capture, ending) in empty)
    Console.Error.WriteLine($"No test shows, and no note explains: {capture}, {ending}.");
return empty.Count == 0 && results.TrueForAll(result => result.Passed) ? 0 : 1;
