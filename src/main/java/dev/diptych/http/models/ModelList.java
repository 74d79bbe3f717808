package dev.diptych.http.models;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Every model. */
record ModelList(@Schema(example = "list") String object, List<ListedModel> data) {}
