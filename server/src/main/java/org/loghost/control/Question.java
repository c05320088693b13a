package org.loghost.control;

import java.io.IOException;
import java.util.Locale;

/** What can be asked of a running server. */
public enum Question {
    /** {@link ControlHandler#status} as text. */
    STATUS(false),
    /** {@link ControlHandler#status} as JSON. */
    STATUS_JSON(false),
    /** {@link ControlHandler#hosts} as text. */
    HOSTS(false),
    /** {@link ControlHandler#hosts} as JSON. */
    HOSTS_JSON(false),
    /** {@link ControlHandler#reportNow}. */
    REPORT_NOW(true),
    /** {@link ControlHandler#reload}. */
    RELOAD(true);

    private final boolean command;

    Question(boolean command) {
        this.command = command;
    }

    /** Whether it changes something, so that only one is run at a time. */
    boolean isCommand() {
        return command;
    }

    /** Whether the answer also says how the server is. */
    boolean asksHowItIs() {
        return this == STATUS || this == STATUS_JSON;
    }

    /** How it is written on the socket: {@code report-now}. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Question of(String wireName) throws IOException {
        for (Question question : values()) {
            if (question.wireName().equals(wireName)) {
                return question;
            }
        }
        throw new IOException("unknown question (expected: the loghost command and the server from one version)");
    }

    String answer(ControlHandler handler) throws IOException {
        return switch (this) {
            case STATUS -> handler.status(false);
            case STATUS_JSON -> handler.status(true);
            case HOSTS -> handler.hosts(false);
            case HOSTS_JSON -> handler.hosts(true);
            case REPORT_NOW -> handler.reportNow();
            case RELOAD -> handler.reload();
        };
    }
}
