using System.Buffers;

namespace ToolTrail.Tests.Recording;

/// <summary>Counts what is rented at a time.</summary>
internal sealed class CountingMemoryPool : MemoryPool<byte>
{
    private long _rented;

    /// <summary>The most bytes that were rented at a time.</summary>
    public long MostRented { get; private set; }

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        var owner = new Owner(this, Shared.Rent(minBufferSize));
        _rented += owner.Memory.Length;
        MostRented = Math.Max(MostRented, _rented);
        return owner;
    }

    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Owner(CountingMemoryPool pool, IMemoryOwner<byte> owner) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => owner.Memory;

        public void Dispose()
        {
            pool._rented -= owner.Memory.Length;
            owner.Dispose();
        }
    }
}
