namespace ToolTrail.Fuzz;

/// <summary>Something that is given any bytes. It keeps nothing from one input to the next that could change what the next one does.</summary>
internal interface IFuzzTarget : IDisposable
{
    /// <summary>Gives it an input: any exception is a defect, and so is never to return.</summary>
    void Run(byte[] input);
}
