package dev.diptych;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class DiptychApplication {

  public static void main(String[] args) {
    Thread.setDefaultUncaughtExceptionHandler(FatalErrors.haltingTheProcess());
    SpringApplication.run(DiptychApplication.class, args);
  }
}
