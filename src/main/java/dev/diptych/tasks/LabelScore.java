package dev.diptych.tasks;

/** A label and its score. */
public record LabelScore(String label, float score) {}
