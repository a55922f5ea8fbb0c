using Kimchi.Isod.Core.Transfer;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Core.Tests;

public sealed class RateLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Without_a_limit_nobody_waits() =>
        Assert.That(new RateLimiter(0, _time).SpendAsync(int.MaxValue, CancellationToken.None).AsTask().IsCompletedSuccessfully);

    [Test]
    public void Who_spends_waits_until_the_rate_allows_more()
    {
        var limiter = new RateLimiter(1000, _time);

        var first = limiter.SpendAsync(500, CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.That(first.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(first.IsCompleted, Is.True);
    }

    [Test]
    public void Rate_is_that_of_all_together()
    {
        var limiter = new RateLimiter(1000, _time);

        var one = limiter.SpendAsync(1000, CancellationToken.None).AsTask();
        var other = limiter.SpendAsync(1000, CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((one.IsCompleted, other.IsCompleted), Is.EqualTo((true, false)));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(other.IsCompleted, Is.True);
    }

    [Test]
    public void Idle_time_is_not_saved_up()
    {
        var limiter = new RateLimiter(1000, _time);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.That(limiter.SpendAsync(500, CancellationToken.None).AsTask().IsCompleted, Is.False);
    }

    [Test]
    public void Wait_ends_when_it_is_cancelled()
    {
        var limiter = new RateLimiter(1, _time);
        using var cancel = new CancellationTokenSource();
        var wait = limiter.SpendAsync(1000, cancel.Token).AsTask();

        cancel.Cancel();

        Assert.That(async () => await wait, Throws.InstanceOf<OperationCanceledException>());
    }
}
