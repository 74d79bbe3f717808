package dev.diptych.http.models;

import dev.diptych.Excerpt;
import dev.diptych.InvalidInput;
import dev.diptych.model.Arrival;
import dev.diptych.model.ModelLifeCycle;
import dev.diptych.model.ModelsByName;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Tells of the models in memory, loads and unloads them; with the paths of llama.cpp's router. */
@RestController
@Tag(name = "Service")
final class LoadingController {

  private final ModelsByName models;
  private final ModelLifeCycle lifeCycle;
  private final ModelKeeper keeper;

  LoadingController(List<ServedModels<?>> roles, ModelLifeCycle lifeCycle, ModelKeeper keeper) {
    this.models = new ModelsByName(roles);
    this.lifeCycle = lifeCycle;
    this.keeper = keeper;
  }

  @Operation(summary = "Every model, with how far it is and the memory that it takes")
  @ApiResponse(responseCode = "200", description = "The models")
  @GetMapping("/models")
  ResponseEntity<ModelList> all() {
    return json(
        new ModelList(
            "list",
            models.byName().entrySet().stream()
                .map(
                    model ->
                        ListedModel.of(model.getValue(), models, lifeCycle.memory(model.getKey())))
                .toList()));
  }

  @Operation(
      summary = "Loads a model",
      description =
          "One that is known by its name, or another one by its source. The answer comes when"
              + " memory is set aside for it or its download has begun, or with `wait` when it can"
              + " be used. Needs a key, or comes from this machine where none is set.")
  @ApiResponse(responseCode = "200", description = "It is there, or on its way")
  @PostMapping("/models/load")
  ResponseEntity<ModelChange> load(@Valid @RequestBody LoadRequest request, HttpServletRequest http)
      throws InterruptedException {
    keeper.require(http);
    ModelLifeCycle.Arriving arriving =
        lifeCycle.load(
            new ModelLifeCycle.Wanted(
                request.model(),
                request.name(),
                roles(request.tasks()),
                request.precision(),
                request.backend()));
    Arrival arrival = arriving.arrival();
    if (Boolean.TRUE.equals(request.untilReady())) {
      arrival.awaitEnd();
    } else {
      arrival.awaitUnderWay();
    }
    Arrival.Failure failure = arrival.failure();
    if (failure != null) {
      throw new NotLoaded(arriving.name(), failure);
    }
    return json(new ModelChange(true, arriving.name(), state(arriving.name())));
  }

  @Operation(
      summary = "Unloads a model",
      description =
          "New requests for it are refused at once, those that run have as long as"
              + " `diptych.generation.drain` to end. The answer comes when its memory is free."
              + " Needs a key, or comes from this machine where none is set.")
  @ApiResponse(responseCode = "200", description = "It is unloaded")
  @PostMapping("/models/unload")
  ResponseEntity<ModelChange> unload(
      @Valid @RequestBody UnloadRequest request, HttpServletRequest http)
      throws InterruptedException {
    keeper.require(http);
    String name = lifeCycle.unload(request.model());
    return json(new ModelChange(true, name, state(name)));
  }

  private String state(String name) {
    List<Served<?>> roles = models.named(name);
    return roles.isEmpty() ? ListedModel.UNLOADED : ListedModel.state(roles);
  }

  private static Set<Role> roles(@Nullable List<String> tasks) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String task : tasks == null ? List.<String>of() : tasks) {
      roles.add(
          Role.of(task)
              .orElseThrow(
                  () ->
                      new InvalidInput(
                          "`tasks` can have %s. Given: %s"
                              .formatted(
                                  EnumSet.allOf(Role.class).stream()
                                      .map(Role::label)
                                      .collect(Collectors.joining(", ")),
                                  Excerpt.of(task)))));
    }
    return roles;
  }

  private static <T> ResponseEntity<T> json(T body) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
  }
}
