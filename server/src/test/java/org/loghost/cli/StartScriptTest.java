package org.loghost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/loghost} in a copy of its own, with a java that says what it was called with. */
class StartScriptTest {
    @TempDir
    Path folder;

    private Path home;
    private Path script;

    @BeforeEach
    void install() throws IOException {
        folder = folder.toRealPath();
        home = folder.resolve("server");
        script = home.resolve("bin/loghost");
        Files.createDirectories(home.resolve("bin"));
        Files.copy(Path.of("bin/loghost").toAbsolutePath(), script);
        Files.createDirectories(home.resolve("target/lib"));
        Files.writeString(home.resolve("target/loghost.jar"), "");
        java("17.0.15");
    }

    @Test
    void javaGetsTheHomeTheLimitsAndTheArguments() throws Exception {
        String said = run(script, Map.of(), "serve", "--data", "a b");
        assertThat(said)
                .contains("[-Dloghost.home=" + home + "]", "[-XX:+UseSerialGC]", "[-Xmx512m]", "[-XX:MaxDirectMemory")
                .endsWith("[-jar]\n[" + home + "/target/loghost.jar]\n[serve]\n[--data]\n[a b]\n");
        assertThat(run(script, Map.of(), "status"))
                .contains("[-XX:TieredStopAtLevel=1]")
                .doesNotContain("MaxDirect");
    }

    @Test
    void theOperatorsJavaOptionsComeLast() throws Exception {
        String said = run(script, Map.of("LOGHOST_JAVA_OPTS", "-Xmx2g -Dx=y"), "serve");
        assertThat(said.indexOf("[-Xmx2g]")).isGreaterThan(said.indexOf("[-Xmx512m]"));
        assertThat(said).contains("[-Dx=y]\n[-jar]");
    }

    @Test
    void theSystemSpeaksEnglishToTheServerWhateverTheOperatorsLanguage() throws Exception {
        executable(folder.resolve("jdk/bin/java"), "echo \"LANGUAGE=${LANGUAGE-unset} LC_ALL=$LC_ALL\"");
        assertThat(run(script, Map.of("LANGUAGE", "de", "LC_ALL", "de_DE.UTF-8"), "status"))
                .contains("LANGUAGE=unset LC_ALL=C.UTF-8");
    }

    @Test
    void itFindsItsHomeThroughSymbolicLinks() throws Exception {
        Path relative = Files.createSymbolicLink(folder.resolve("one"), Path.of("server/bin/loghost"));
        Path absolute = Files.createSymbolicLink(folder.resolve("two"), relative);
        assertThat(run(absolute, Map.of(), "status")).contains("[-Dloghost.home=" + home + "]");
    }

    @Test
    void anOldJavaIsNamedWithWhatToInstall() throws Exception {
        java("11.0.2");
        assertThat(run(script, Map.of(), "status"))
                .contains("is Java 11 (expected: 17 or later; on Debian: apt-get update && apt-get install"
                        + " default-jre-headless)");
    }

    @Test
    void aMissingJavaIsNamedWithWhatToInstall() throws Exception {
        assertThat(run(script, Map.of("JAVA_HOME", "", "PATH", tools()), "status"))
                .startsWith(
                        "loghost: not installed: default-jre-headless (expected: Java 17 or later; on Debian: apt-get");
    }

    @Test
    void allThatABuildNeedsIsNamedAtOnce() throws Exception {
        Files.delete(home.resolve("target/loghost.jar"));
        assertThat(run(script, Map.of(), "status"))
                .contains("loghost.jar is missing (expected: a complete installation, or a checkout to build from)");
        sources();
        assertThat(run(script, Map.of("JAVA_HOME", "", "PATH", tools()), "status"))
                .contains("apt-get update && apt-get install default-jdk-headless maven)");
        executable(folder.resolve("jdk/bin/javac"), "");
        assertThat(run(script, Map.of("PATH", tools()), "status")).contains("apt-get install maven)");
    }

    @Test
    void aMissingProgramIsBuiltAndStarted() throws Exception {
        Files.delete(home.resolve("target/loghost.jar"));
        sources();
        maven("echo \"built by: mvn $*\"; : > server/target/loghost.jar");
        assertThat(run(script, Map.of("PATH", tools()), "status"))
                .contains("first use: building", "built.", "[status]");
        assertThat(home.resolve("target/build.log")).hasContent("built by: mvn -B -Dmaven.test.skip=true package");
    }

    @Test
    void aBuildThatFailsIsAFailureAndShowsMavensErrors() throws Exception {
        Files.delete(home.resolve("target/loghost.jar"));
        sources();
        maven("echo '[ERROR] no such thing'; exit 1");
        assertThat(run(script, Map.of("PATH", tools()), "status"))
                .contains("[ERROR] no such thing", "the build failed")
                .doesNotContain("[status]");
    }

    @Test
    void aProgramOlderThanItsSourcesIsBuiltAnewBeforeItServes() throws Exception {
        sources();
        maven("touch -d 2040-01-01 server/target/built");
        Files.setLastModifiedTime(home.resolve("target/loghost.jar"), FileTime.from(Instant.EPOCH));
        assertThat(run(script, Map.of("PATH", tools()), "status")).doesNotContain("building");
        assertThat(run(script, Map.of("PATH", tools(), "LOGHOST_BUILD", "never"), "serve"))
                .doesNotContain("building");
        assertThat(run(script, Map.of("PATH", tools()), "serve"))
                .contains("the sources are newer than the program: building", "[serve]");
        assertThat(run(script, Map.of("PATH", tools()), "serve")).doesNotContain("building");
    }

    @Test
    void aProgramOlderThanItsSourcesIsStartedWithAWordWhereItCannotBeBuilt() throws Exception {
        sources();
        Files.setLastModifiedTime(home.resolve("target/loghost.jar"), FileTime.from(Instant.EPOCH));
        assertThat(run(script, Map.of("PATH", tools()), "serve"))
                .contains("the sources are newer than the program, and cannot be built here", "[serve]");
        maven("echo '[ERROR] broken'; exit 1");
        assertThat(run(script, Map.of("PATH", tools()), "serve"))
                .contains("[ERROR] broken", "starting the older program", "[serve]");
    }

    @Test
    void aProgramThatWasMovedHasItsClassesPreparedAnew() throws Exception {
        executable(
                folder.resolve("jdk/bin/java"),
                "for a in \"$@\"; do echo \"[$a]\"; case $a in -XX:ArchiveClassesAtExit=*) echo x >\"${a#*=}\";; esac;"
                        + " done");
        assertThat(run(script, Map.of(), "serve")).contains("preparing its classes", "[-XX:SharedArchiveFile=");
        assertThat(run(script, Map.of(), "serve"))
                .doesNotContain("preparing its classes")
                .contains("[-XX:SharedArchiveFile=");
        Files.move(home, folder.resolve("moved"));
        Path moved = folder.resolve("moved/bin/loghost");
        assertThat(run(moved, Map.of(), "serve")).contains("preparing its classes");
        java("17.0.99");
        assertThat(run(moved, Map.of(), "serve")).contains("preparing its classes");
    }

    private void sources() throws IOException {
        Files.writeString(folder.resolve("pom.xml"), "");
        Files.writeString(home.resolve("pom.xml"), "");
        Files.createDirectories(home.resolve("src/main"));
    }

    private void maven(String body) throws IOException {
        executable(folder.resolve("jdk/bin/javac"), "");
        executable(Path.of(tools()).resolve("mvn"), body);
    }

    private void java(String version) throws IOException {
        executable(folder.resolve("jdk/bin/java"), "for a in \"$@\"; do echo \"[$a]\"; done");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    /** A PATH with the tools every system has and nothing else. */
    private String tools() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String name : List.of(
                "sh",
                "dirname",
                "readlink",
                "sed",
                "printf",
                "pwd",
                "stat",
                "find",
                "mkdir",
                "mv",
                "rm",
                "sleep",
                "touch",
                "grep",
                "tail",
                "flock")) {
            Path tool = Stream.of("/bin", "/usr/bin")
                    .map(dir -> Path.of(dir, name))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElse(null);
            if (tool != null && !Files.exists(tools.resolve(name))) {
                executable(tools.resolve(name), "exec " + tool + " \"$@\"");
            }
        }
        return tools.toString();
    }

    private static void executable(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String run(Path command, Map<String, String> environment, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", command.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().remove("LOGHOST_JAVA_OPTS");
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
