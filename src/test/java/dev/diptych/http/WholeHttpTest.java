package dev.diptych.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/** Tests of one whole service that needs a key, which they share. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Timeout(120)
@SpringBootTest(
    classes = WholeHttpApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "diptych.http.api-keys=key-of-alice",
      "diptych.generation.max-concurrent-requests=2",
      "diptych.generation.max-batch-sequences=1"
    })
@interface WholeHttpTest {}
