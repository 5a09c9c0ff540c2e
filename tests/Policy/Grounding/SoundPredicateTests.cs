using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>Which object a sound comes from, seen by a camera of 70 degrees.</summary>
public sealed class SoundPredicateTests
{
    private const string Two = "a dog 300 200 40 40; b dog 20 200 40 40";
    private static readonly SoundModifier Bark = new("barking", "bark", false);
    private static readonly SoundModifier Any = new("making a noise", null, false);

    [Theory]
    [InlineData("-1")]
    [InlineData("359")]
    [InlineData("-361")]
    public void A_direction_is_the_same_a_turn_further(string azimuth) =>
        Assert.InRange(Of(View(Two, $"bark {azimuth}"), 0, Bark)!.Value, 0.99, 1);

    [Fact]
    public void The_object_in_the_sounds_direction_makes_it_and_another_does_not()
    {
        var view = View(Two, "bark 0");
        Assert.InRange(Of(view, 0, Bark)!.Value, 0.9, 1);
        Assert.InRange(Of(view, 1, Bark)!.Value, 0, 0.05);
        Assert.InRange(Of(view, 0, Any)!.Value, 0.9, 1);
    }

    [Fact]
    public void What_is_denied_is_what_is_left_of_one()
    {
        var view = View(Two, "bark 0");
        var not = Bark with { Negated = true };
        Assert.Equal(1 - Of(view, 0, Bark)!.Value, Of(view, 0, not)!.Value, 1e-12);
        Assert.Equal(1 - Of(view, 1, Bark)!.Value, Of(view, 1, not)!.Value, 1e-12);
    }

    [Theory]
    [InlineData("bark ?", 70f)]
    [InlineData("bark 0", null)]
    [InlineData("bark NaN", 70f)]
    [InlineData("", 70f)]
    public void Without_a_direction_a_field_of_view_or_ears_nothing_is_told(string sounds, float? field) =>
        Assert.Null(Of(View(Two, sounds, field), 0, Bark));

    [Fact]
    public void Silence_is_told_where_somebody_listens()
    {
        var scene = TestScene.Of(Two);
        scene.Listens = true;
        var view = new SceneView(scene, GroundingThresholds.Default);
        Assert.Equal(0.02, Of(view, 0, Bark)!.Value, 1e-12);
        Assert.Equal(0.98, Of(view, 0, Bark with { Negated = true })!.Value, 1e-12);
        Assert.Equal("all is quiet", SoundPredicate.Evidence(view, view.Objects[0], Bark));
    }

    [Fact]
    public void Another_sound_without_a_direction_does_not_hide_that_none_barks() =>
        Assert.Equal(0.02, Of(View(Two, "music ?"), 0, Bark)!.Value, 1e-12);

    [Fact]
    public void A_sound_from_the_edge_of_sight_belongs_to_whom_it_lies_nearest_to()
    {
        var view = View(Two, "bark -28 6");
        Assert.True(Of(view, 1, Bark) > 0.9);
        Assert.True(Of(view, 0, Bark) < 0.1);
    }

    [Fact]
    public void A_sound_from_behind_the_camera_comes_from_nothing_in_sight()
    {
        var view = View(Two, "bark 180");
        Assert.InRange(Of(view, 0, Bark)!.Value, 0, 0.02);
        Assert.InRange(Of(view, 1, Bark)!.Value, 0, 0.02);
    }

    [Fact]
    public void A_direction_is_the_same_after_a_whole_turn()
    {
        const string one = "a dog 300 200 40 40";
        var (before, after) = (View(one, "bark -20"), View(one, "bark 340"));
        Assert.InRange(Of(before, 0, Bark)!.Value, 0.02, 0.5);
        Assert.Equal(Of(before, 0, Bark)!.Value, Of(after, 0, Bark)!.Value, 1e-6);
    }

    [Fact]
    public void A_sound_that_was_hardly_heard_counts_little()
    {
        var scene = TestScene.Of(Two);
        scene.Sounds.Add(new SceneSound("bark", 0.02f, 0, 4));
        Assert.InRange(Of(new SceneView(scene, GroundingThresholds.Default), 0, Bark)!.Value, 0.02, 0.2);
    }

    [Theory]
    [InlineData("bark", "bark", 1)]
    [InlineData("Bark", "bark", 1)]
    [InlineData("dog_bark", "bark", 0.9)]
    [InlineData("barking", "bark", 1)]
    [InlineData("loud barking", "bark", 0.9)]
    [InlineData("siren", "alarm", 0.3)]
    [InlineData("beep", "alarm", 0.3)]
    [InlineData("music", "bark", 0)]
    [InlineData("zorbing", "zorb", 0.9)]
    [InlineData("music", null, 1)]
    [InlineData("quiet", null, 0)]
    [InlineData("", "bark", 0)]
    public void A_label_is_what_the_words_name(string label, string? asked, double expected) =>
        Assert.Equal(expected, SoundPredicate.Match(label, asked));

    [Theory]
    [InlineData("bark 0", 70f, "bark comes from 0°, dog a stands at 0°")]
    [InlineData("bark -12", 70f, "bark comes from -12°, dog a stands at 0°")]
    [InlineData("bark 0", null,
        "bark comes from 0°, but the camera's field of view is not known, so this was not checked")]
    [InlineData("bark ?", 70f, "bark is heard, but its direction is not known, so this was not checked")]
    [InlineData("music 0; beep 3; music 9", 70f, "no such sound is heard; heard: music, beep")]
    [InlineData("", 70f, "no sound was reported, so this was not checked")]
    public void What_was_heard_is_told(string sounds, float? field, string expected)
    {
        var view = View(Two, sounds, field);
        Assert.Equal(expected, SoundPredicate.Evidence(view, view.Objects[0], Bark));
    }

    [Fact]
    public void Sound_that_cannot_be_trusted_is_neither_gone_by_nor_told()
    {
        var scene = TestScene.Of(Two, "bark 0");
        scene.Quality = new ModalityQuality(1, 0.14f);
        var view = new SceneView(scene, GroundingThresholds.Default);
        Assert.Null(Of(view, 0, Bark));
        Assert.Equal(
            "what is heard cannot be trusted (noise, or a microphone that is gone), so this was not checked",
            SoundPredicate.Evidence(view, view.Objects[0], Bark));
    }

    private static double? Of(SceneView view, int index, SoundModifier modifier) =>
        SoundPredicate.Probability(view, view.Objects[index], modifier);

    private static SceneView View(string objects, string sounds, float? field = 70) =>
        new(TestScene.Of(objects, sounds, field), GroundingThresholds.Default);
}
