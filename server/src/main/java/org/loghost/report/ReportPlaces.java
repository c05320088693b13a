package org.loghost.report;

import java.nio.file.Path;
import java.time.ZoneId;

/**
 * What a report names so that its reader can go on from there.
 *
 * @param server the loghost's own name
 * @param zone the zone of all times in the report
 * @param archive holds {@code <host>/<yyyy-mm-dd>.log}
 * @param localIgnore the file that takes the operator's own patterns of harmless lines
 * @param reports the folder of complete reports
 */
public record ReportPlaces(String server, ZoneId zone, Path archive, Path localIgnore, Path reports) {}
