using EdgePerception.Sensors.Frames;
using FsCheck.Xunit;

namespace EdgePerception.Sensors.Tests.Frames;

public sealed class LatestFrameTests : IDisposable
{
    private readonly FramePool _pool = new(8);

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void The_newest_frame_wins_and_the_older_one_goes_back_to_the_pool()
    {
        using var mailbox = new LatestFrame();
        Assert.True(mailbox.Put(Frame(1)));
        Assert.False(mailbox.Put(Frame(2)));

        Assert.Equal(1, _pool.Leased);
        Assert.Equal(1, mailbox.Replaced);
        using var taken = mailbox.Take();
        Assert.Equal(2, taken!.Sequence);
        Assert.Null(mailbox.Take());
    }

    [Fact]
    public void A_closed_mailbox_keeps_nothing()
    {
        var mailbox = new LatestFrame();
        mailbox.Put(Frame(1));
        mailbox.Dispose();
        mailbox.Put(Frame(2));

        Assert.Equal(0, _pool.Leased);
        Assert.Null(mailbox.Take());
    }

    /// <summary>Any series of puts (true) and takes (false), against a variable that holds one number.</summary>
    [Property(MaxTest = 200, Replay = "17,31")]
    public void It_behaves_like_a_variable_that_holds_the_newest(bool[] puts)
    {
        using var mailbox = new LatestFrame();
        long sequence = 0, waiting = 0, replaced = 0;
        foreach (var put in puts)
        {
            if (put)
            {
                if (waiting != 0) replaced++;
                waiting = ++sequence;
                mailbox.Put(Frame(sequence));
            }
            else
            {
                using var taken = mailbox.Take();
                Assert.Equal(waiting, taken?.Sequence ?? 0);
                waiting = 0;
            }

            Assert.Equal(
                (waiting != 0, replaced, waiting != 0 ? 1 : 0), (mailbox.HasFrame, mailbox.Replaced, _pool.Leased));
        }
    }

    [Fact]
    public async Task Between_threads_every_frame_is_either_taken_once_or_replaced()
    {
        const int Count = 20_000;
        using var mailbox = new LatestFrame();
        long taken = 0, last = 0, disorder = 0;
        var writer = Task.Run(() =>
        {
            for (var i = 1; i <= Count; i++) mailbox.Put(Frame(i));
        });
        while (!writer.IsCompleted || mailbox.HasFrame)
        {
            using var frame = mailbox.Take();
            if (frame is null) continue;
            taken++;
            if (frame.Sequence <= last) disorder++;
            last = frame.Sequence;
        }

        await writer;
        Assert.Equal(Count, taken + mailbox.Replaced);
        Assert.Equal((Count, 0, 0), (last, disorder, _pool.Leased));
    }

    private Frame Frame(long sequence)
    {
        Assert.True(_pool.TryRent(4, 4, out var frame));
        frame.Stamp("front", sequence, default);
        return frame;
    }
}
