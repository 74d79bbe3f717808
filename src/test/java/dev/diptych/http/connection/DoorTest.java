package dev.diptych.http.connection;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/** Tests of one server with two keys and a log of its requests, which they share. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Timeout(60)
@SpringBootTest(
    classes = ConnectionTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "springdoc.api-docs.enabled=false",
      "diptych.http.max-body-size=100000B",
      "diptych.http.api-keys=key-of-alice, key-of-bob",
      "diptych.http.metrics-open=false",
      "diptych.http.log-requests=true"
    })
@interface DoorTest {}
