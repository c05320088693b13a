package org.loghost.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void aFullKernelNameIsTaken() {
        assertThat(Machine.fullName("log.example.com", "127.0.1.1 log.other.org log", ""))
                .isEqualTo("log.example.com");
    }

    @Test
    void theHostsFileCompletesAShortName() {
        String hosts = "# 10.0.0.1 log.commented.org\n127.0.0.1 localhost\n127.0.1.1\tlog.example.com log\n";
        assertThat(Machine.fullName("log", hosts, "search other.org")).isEqualTo("log.example.com");
    }

    @Test
    void theResolversDomainCompletesAShortName() {
        assertThat(Machine.fullName(
                        "log", "127.0.0.1 catalog.example.com", "nameserver ::1\nsearch example.org x.org\n"))
                .isEqualTo("log.example.org");
    }

    @Test
    void aNameThatNothingCompletesStaysShort() {
        assertThat(Machine.fullName("log", "", "nameserver ::1\n")).isEqualTo("log");
        assertThat(Machine.fullName("localhost", "", "search example.org")).isEqualTo("localhost");
    }
}
