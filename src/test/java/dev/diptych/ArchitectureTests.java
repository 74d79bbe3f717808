package dev.diptych;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

  private static final String ROOT = "dev.diptych";
  private static final String DJL = "ai.djl..";
  private static final String[] WEB = {
    "org.springframework.web..", "org.springframework.http..", "jakarta.servlet.."
  };
  private static final JavaClasses project =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void packagesHaveNoCycles() {
    check(
        slices()
            .matching(ROOT + ".(**)")
            .should()
            .beFreeOfCycles()
            .because("a package can only be understood alone when the arrows point one way"));
  }

  @Test
  void onlyTorchscriptAndTokenizationKnowDjl() {
    check(
        noClasses()
            .that(not(resideInAnyPackage(ROOT + ".torchscript..", ROOT + ".tokenization..")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(DJL)
            .because("native code is reached through two packages, which check what they pass on"));
  }

  @Test
  void onlyTheDialectsKnowHttp() {
    check(
        noClasses()
            .that(
                not(
                    resideInAnyPackage(ROOT + ".http..", ROOT + ".startup..")
                        .or(
                            resideInAPackage(ROOT + ".source..")
                                .and(simpleNameEndingWith("Configuration")))))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(WEB)
            .because("the engines serve any transport, and are tested without one"));
  }

  @Test
  void theEnginesKnowNeitherSpringWebNorDjl() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                ROOT + ".generation..",
                ROOT + ".sampling..",
                ROOT + ".encoding..",
                ROOT + ".checkpoint..",
                ROOT + ".tokenization.template..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "org.springframework.web..",
                "org.springframework.http..",
                "org.springframework.boot.web..",
                "jakarta.servlet..",
                DJL)
            .because("they run in tests against hand-written models"));
  }

  @Test
  void checkpointNeedsOnlyTheJdkAndAJsonReader() {
    check(
        classes()
            .that()
            .resideInAPackage(ROOT + ".checkpoint..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "java..",
                "tools.jackson..",
                "com.fasterxml.jackson..",
                "org.jspecify..",
                ROOT,
                ROOT + ".checkpoint..")
            .because("file formats are bytes and nothing else"));
  }

  @Test
  void kernelNeedsOnlyTheJdk() {
    check(
        classes()
            .that()
            .resideInAPackage(ROOT + ".kernel..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", ROOT + ".kernel..")
            .because("machine code is made of sizes and addresses and nothing else"));
  }

  @Test
  void onlyTorchscriptKnowsKernel() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".torchscript..", ROOT + ".kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".kernel..")
            .because("models are reached through their ports, however they are computed"));
  }

  @Test
  void dialectsDoNotKnowEachOther() {
    check(
        slices()
            .matching(ROOT + ".http.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(
                resideInAPackage(ROOT + ".http.."), resideInAPackage(ROOT + ".http.streaming.."))
            .because("each dialect follows its own peer and changes with it alone"));
  }

  @Test
  void onlyMetricsKnowsWhoReadsTheMetrics() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "io.prometheus..", "io.opentelemetry..")
            .because("engines and dialects tell what happens, in words of their own"));
  }

  @Test
  void nobodyDependsOnStartup() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".startup..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".startup..")
            .because("it puts the parts together"));
  }

  @Test
  void everyPackageIsNullMarked() {
    List<String> unmarked =
        project.stream()
            .map(type -> type.getPackage())
            .distinct()
            .filter(
                folder ->
                    folder
                        .tryGetPackageInfo()
                        .map(info -> !info.isAnnotatedWith(NullMarked.class))
                        .orElse(true))
            .map(JavaPackage::getName)
            .toList();
    assertThat(unmarked).as("packages without package-info and @NullMarked").isEmpty();
  }

  @Test
  void classesAreNamedForWhatTheyAre() {
    check(
        noClasses()
            .should()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .because("such names say nothing about what a class is"));
  }

  @Test
  void listsAreCollectedUnmodifiable() {
    check(
        noClasses()
            .should()
            .callMethod(Collectors.class, "toList")
            .because("Stream.toList() gives a list that nobody changes by accident"));
  }

  @Test
  void caseIsNeverChangedInTheMachinesLanguage() {
    check(
        noClasses()
            .should()
            .callMethod(String.class, "toLowerCase")
            .orShould()
            .callMethod(String.class, "toUpperCase")
            .because("a Turkish locale lowers I to a dotless i; Locale.ROOT does not"));
  }

  private static void check(ArchRule rule) {
    rule.check(project);
  }
}
