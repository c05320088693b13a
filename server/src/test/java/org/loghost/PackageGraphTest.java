package org.loghost;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Holds the package graph of {@code docs/ARCHITECTURE.md}: who may use whom, and which library belongs where. */
@AnalyzeClasses(packages = "org.loghost", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageGraphTest {

    /** Package to the packages it may use. The command line and the root package may use all. */
    private static final Map<String, List<String>> MAY_USE = new TreeMap<>(Map.ofEntries(
            Map.entry("message", List.of()),
            Map.entry("metrics", List.of("file")),
            Map.entry("file", List.of()),
            Map.entry("frame", List.of("message", "metrics")),
            Map.entry("parse", List.of("message")),
            Map.entry("listen", List.of("file", "frame", "parse", "message", "metrics")),
            Map.entry("hosts", List.of("message", "metrics", "file")),
            Map.entry("archive", List.of("message", "metrics", "file")),
            Map.entry("pattern", List.of()),
            Map.entry("rules", List.of("pattern", "file")),
            Map.entry("classify", List.of("rules", "message", "metrics", "file")),
            Map.entry("mail", List.of("metrics")),
            Map.entry("report", List.of("classify", "hosts", "rules", "archive", "metrics", "mail")),
            Map.entry("check", List.of("classify", "rules", "report", "file")),
            Map.entry("pipeline", List.of("archive", "classify", "hosts", "message", "metrics")),
            Map.entry("control", List.of("report", "hosts", "rules", "archive", "metrics")),
            Map.entry("config", List.of("file", "listen", "archive", "hosts", "rules", "report", "mail"))));

    @TestFactory
    Stream<DynamicTest> packagesUseOnlyWhatTheirStationAllows() {
        var classes = new com.tngtech.archunit.core.importer.ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.loghost");
        return MAY_USE.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey() + " uses " + entry.getValue(),
                        () -> noClasses()
                                .that()
                                .resideInAPackage("org.loghost." + entry.getKey() + "..")
                                .should()
                                .dependOnClassesThat(forbidden(entry.getKey(), entry.getValue()))
                                .allowEmptyShould(true)
                                .check(classes)));
    }

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            SlicesRuleDefinition.slices().matching("org.loghost.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nettyStaysAtTheSockets = onlyIn("io.netty..", "frame", "listen", "hosts", "control");

    @ArchTest
    static final ArchRule mailStaysInMail = onlyIn("jakarta.mail..", "mail");

    @ArchTest
    static final ArchRule commandLineStaysInCli = onlyIn("picocli..", "cli");

    @ArchTest
    static final ArchRule tomlStaysInConfig = onlyIn("org.tomlj..", "config");

    private static ArchRule onlyIn(String library, String... packages) {
        String[] allowed =
                Stream.of(packages).map(p -> "org.loghost." + p + "..").toArray(String[]::new);
        return noClasses()
                .that()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> forbidden(String self, List<String> allowed) {
        return new DescribedPredicate<>("packages of Loghost other than " + allowed) {
            @Override
            public boolean test(JavaClass type) {
                String name = type.getPackageName();
                if (!name.startsWith("org.loghost")) {
                    return false;
                }
                String station = name.equals("org.loghost") ? "" : name.split("\\.", -1)[2];
                return !station.equals(self) && !allowed.contains(station);
            }
        };
    }
}
