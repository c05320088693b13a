package org.loghost.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.file.IoReason;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;

/**
 * The archive's folder and the only way to its files: never through a symbolic link, never outside, always with the
 * archive's permissions (folders 0750, files 0640, and the reader group), and never while housekeeping replaces a file.
 *
 * <p>Any thread.
 */
final class ArchiveFolder {
    static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-r-----");
    static final Set<PosixFilePermission> FOLDER_MODE = PosixFilePermissions.fromString("rwxr-x---");
    static final String CLEAN = ".clean";
    private static final int MOST_SET_ASIDE = 100;
    private static final long BASE_CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger logger = LogManager.getLogger(ArchiveFolder.class);
    private static final Set<OpenOption> APPEND = Set.of(
            StandardOpenOption.WRITE, StandardOpenOption.APPEND, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS);
    private static final FileAttribute<Set<PosixFilePermission>> CREATED_FILE =
            PosixFilePermissions.asFileAttribute(FILE_MODE);
    private static final FileAttribute<Set<PosixFilePermission>> CREATED_FOLDER =
            PosixFilePermissions.asFileAttribute(FOLDER_MODE);

    private final Path configured;
    private final @Nullable String groupName;
    private final TornTails tornTails;
    private final Notices notices;

    /** Paths of the files open for appending; what is in it is neither compressed nor deleted. */
    private final Set<Path> open = new HashSet<>();

    private volatile Path base;
    private volatile @Nullable GroupPrincipal group;
    private volatile Ownership ownership = Ownership.unknown();

    // Guarded by open.
    private boolean baseChecked;
    private long baseCheckedNanos;

    ArchiveFolder(Path path, @Nullable String groupName, TornTails tornTails, Notices notices) {
        this.configured = path.toAbsolutePath().normalize();
        this.groupName = groupName;
        this.tornTails = tornTails;
        this.notices = notices;
        this.base = configured;
    }

    /** Makes the folder and checks that it can be written to. */
    void create() {
        try {
            if (groupName != null) {
                group = configured
                        .getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByGroupName(groupName);
            }
            createWithParents(configured);
            base = configured.toRealPath();
            if (groupName != null) {
                letGroupIn(groupName);
            }
        } catch (java.nio.file.attribute.UserPrincipalNotFoundException e) {
            throw new UncheckedIOException(
                    "archive group: " + groupName + " (expected: a group of this machine; make it with groupadd)", e);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "archive path: " + configured + ": " + reason(e)
                            + " (expected: a folder that this user may create and write to)",
                    e);
        }
        if (!Files.isDirectory(base) || !Files.isWritable(base)) {
            IOException cause = new AccessDeniedException(base.toString());
            throw new UncheckedIOException(
                    "archive path: " + base + " (expected: a folder that this user may write to)", cause);
        }
        try {
            ownership = Ownership.in(base);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "archive path: " + base + ": " + reason(e) + " (expected: a folder that this user may write to)",
                    e);
        }
        warnIfOthersWrite();
        sayIfLink();
    }

    /** Every folder that is made is made as the archive's own, whatever the umask. */
    private void createWithParents(Path folder) throws IOException {
        if (Files.exists(folder)) {
            return;
        }
        Path parent = folder.getParent();
        if (parent != null) {
            createWithParents(parent);
        }
        try {
            Files.createDirectory(folder, CREATED_FOLDER);
        } catch (FileAlreadyExistsException e) {
            if (Files.isDirectory(folder)) {
                return; // made by another in this moment
            }
            throw e;
        }
        protect(folder, FOLDER_MODE);
    }

    /** A folder that was there before, as with mode 0700, becomes readable too; what lies above it is the operator's. */
    private void letGroupIn(String name) throws IOException {
        giveGroup(base);
        Set<PosixFilePermission> mode = new HashSet<>(Files.getPosixFilePermissions(base));
        if (mode.addAll(Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE))) {
            try {
                Files.setPosixFilePermissions(base, mode);
            } catch (IOException e) {
                logger.debug("{}: {}", base, e.getMessage()); // said below
            }
        }
        String obstacle = GroupAccess.obstacle(base, name);
        if (obstacle != null) {
            notices.post(Notice.Level.WARNING, obstacle, obstacle);
        }
    }

    private void sayIfLink() {
        if (!base.equals(configured)) {
            logger.info("archive path: {} leads through a symbolic link to {}", configured, base);
        }
    }

    Path base() {
        return base;
    }

    /** The files of a host; refuses a name that would lead anywhere but to a folder right below the archive. */
    DaySeries series(String host) throws RefusedFileException {
        Path folder = base.resolve(host).normalize();
        if (host.startsWith(".") || host.indexOf('/') >= 0 || !base.equals(folder.getParent())) {
            throw new RefusedFileException("host name " + escaped(host) + " (expected: a plain name)");
        }
        return DaySeries.ofHost(folder);
    }

    /** Opens a file for appending and sets its channel, identity and size; makes folder and file when missing. */
    void open(LineFile file) throws IOException {
        synchronized (open) {
            checkFolder(file);
            BasicFileAttributes before = attributes(file.path);
            boolean known = file.key != null;
            if (before != null && !before.isRegularFile()) {
                throw new RefusedFileException(
                        file.path + " is " + kind(before) + " (expected: a regular file; remove it)");
            }
            String objection = before == null ? null : ownership.objectionToFile(file.path);
            if (objection != null) {
                setAside(file.path, objection);
                before = null;
                known = false;
            }
            if (before != null && !known) {
                tornTails.closeFile(file.path, file.name);
            }
            FileChannel channel = FileChannel.open(file.path, APPEND, CREATED_FILE);
            open.add(file.path);
            file.channel = channel;
            checkOpened(file, before);
            if (before == null) {
                protect(file.path, FILE_MODE);
                file.linked = false;
            }
            Object key = before == null ? keyOf(file.path) : before.fileKey();
            identify(file, key, before == null || !known ? channel.size() : before.size());
        }
    }

    /** Points the link at a file that has been opened, when it does not point there yet. */
    void linkWhenNew(LineFile file, LocalDate today) {
        if (!file.linked && file.key != null) {
            file.linked = true;
            link(file.series, file.path, file.day.isBefore(today));
        }
    }

    /** Closes a file's channel when it is open. */
    void close(LineFile file) {
        FileChannel channel = file.channel;
        file.channel = null;
        if (channel == null) {
            return;
        }
        synchronized (open) {
            open.remove(file.path);
        }
        try {
            channel.close();
        } catch (IOException e) {
            logger.warn("closing {}: {}", file.path, e.getMessage());
        }
    }

    /** Asks the kernel to bring an open file to the disk. */
    void sync(LineFile file) {
        FileChannel channel = file.channel;
        try {
            if (channel != null) {
                channel.force(false);
            }
        } catch (IOException e) {
            logger.warn("syncing {}: {}", file.path, e.getMessage());
        }
    }

    /** Whether the file that is open is still the one under its path. */
    boolean isCurrent(LineFile file) throws IOException {
        Object key = file.key;
        return key != null && key.equals(keyOf(file.path));
    }

    /** A change to files that nobody writes to; false when one of them was open and nothing was done. */
    boolean exclusively(Path file, Change change) throws IOException {
        synchronized (open) {
            if (open.contains(file)) {
                return false;
            }
            change.make();
            return true;
        }
    }

    /** What is done under {@link #exclusively}. */
    @FunctionalInterface
    interface Change {
        void make() throws IOException;
    }

    /** Makes a file that must not exist yet, with the archive's permissions, for writing. */
    FileChannel createNew(Path file) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS),
                CREATED_FILE);
        protect(file, FILE_MODE);
        return channel;
    }

    private static void identify(LineFile file, @Nullable Object key, long size) {
        boolean same = key != null && key.equals(file.key);
        if (!same) {
            file.written = 0;
        } else if (file.uncertain) {
            file.written += (int) Math.max(0, size - file.size);
        }
        file.uncertain = false;
        file.key = key;
        file.size = size;
    }

    /** What was opened is what was looked at, and still lies in a folder of ours: nobody else can have changed it since. */
    private void checkOpened(LineFile file, @Nullable BasicFileAttributes before) throws IOException {
        BasicFileAttributes now = attributes(file.path);
        String objection = ownership.objectionToFile(file.path);
        boolean same = before == null || (now != null && Objects.equals(before.fileKey(), now.fileKey()));
        if (now == null || !now.isRegularFile() || !same || objection != null) {
            throw new RefusedFileException(file.path + " was replaced while it was opened (expected: a file that nobody"
                    + " else touches; check who may write to its folder)");
        }
    }

    /** Another's file keeps its lines; those to come go to a new one. */
    private void setAside(Path file, String objection) throws IOException {
        for (int i = 1; i <= MOST_SET_ASIDE; i++) {
            Path aside = file.resolveSibling(file.getFileName() + ".set-aside-" + i);
            if (attributes(aside) == null) {
                Files.move(file, aside);
                String text = "archive: " + file + " " + objection
                        + " (expected: the server's own, with one link): it is" + " now " + aside.getFileName()
                        + ", and lines go to a new file; find out who put it there";
                notices.postExample(
                        Notice.Topic.SERVER, Notice.Level.WARNING, "archive set aside", "Day files set aside", text);
                logger.warn("{}", text);
                return;
            }
        }
        throw new RefusedFileException(
                file + " " + objection + " (expected: the server's own, with one link; remove it)");
    }

    /** Whether a folder or file may be written to, as far as its owner and its links go. */
    boolean isOurs(Path path) {
        try {
            return ownership.objectionToFolder(path) == null
                    && (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) || ownership.objectionToFile(path) == null);
        } catch (IOException e) {
            return false;
        }
    }

    /** The archive's folder is where it was, and no link leads elsewhere; looked at once a second at most. */
    private void checkBase() throws IOException {
        long now = System.nanoTime();
        if (baseChecked && now - baseCheckedNanos < BASE_CHECK_NANOS) {
            return;
        }
        baseChecked = false;
        checkedBase();
        baseChecked = true;
        baseCheckedNanos = now;
    }

    /** The archive's folder, looked at now: it is where it was, and no link leads elsewhere. */
    Path checkedBase() throws IOException {
        if (Files.exists(base, LinkOption.NOFOLLOW_LINKS)) {
            String objection =
                    base.toRealPath().equals(base) ? ownership.objectionToFolder(base) : "leads elsewhere now";
            if (objection != null) {
                throw new IOException("the archive's folder " + base + " " + objection
                        + " (expected: the folder that was there; put it back, or start again if it is right)");
            }
        }
        return base;
    }

    private void checkFolder(LineFile file) throws IOException {
        Path folder = file.series.folder();
        // The combined file's folder is the operator's own choice, link or not; hosts' folders are ours.
        if (file.hostId < 0 && Files.isDirectory(folder)) {
            return;
        }
        if (file.hostId >= 0) {
            checkBase();
        }
        BasicFileAttributes attributes = attributes(folder);
        if (attributes == null) {
            if (!Files.exists(base)) {
                makeAgain();
            }
            Files.createDirectory(folder, CREATED_FOLDER);
            protect(folder, FOLDER_MODE);
        } else if (!attributes.isDirectory()) {
            throw new RefusedFileException(folder + " is " + kind(attributes) + " (expected: a folder; remove it)");
        }
        String objection = ownership.objectionToFolder(folder);
        if (objection != null) {
            throw new RefusedFileException(
                    folder + " " + objection + " (expected: a folder of the server's user; move it away)");
        }
    }

    /** Somebody deleted it all, or moved it away: what comes from now on is kept. */
    private void makeAgain() throws IOException {
        createWithParents(base);
        String text = "archive: the folder " + base + " was gone and has been made again; check what was in it";
        notices.post(Notice.Level.WARNING, "archive folder gone", text);
        logger.warn("{}", text);
    }

    /** The umask may have taken what the mode grants. */
    private void protect(Path path, Set<PosixFilePermission> mode) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        view.setPermissions(mode);
        giveGroup(path);
    }

    private void giveGroup(Path path) {
        GroupPrincipal readers = group;
        if (readers == null) {
            return;
        }
        try {
            Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setGroup(readers);
        } catch (IOException e) {
            notices.post(
                    Notice.Level.WARNING,
                    "archive group",
                    "archive: group " + groupName + " cannot be given to " + path + ": " + reason(e)
                            + " (expected: the server's user is a member of the group)");
        }
    }

    private void warnIfOthersWrite() {
        try {
            if (Files.getPosixFilePermissions(base).contains(PosixFilePermission.OTHERS_WRITE)) {
                notices.post(
                        Notice.Level.WARNING,
                        "archive mode",
                        "archive: " + base + " may be written to by every user (expected: chmod 0750)");
            }
        } catch (IOException | UnsupportedOperationException e) {
            logger.debug("permissions of {}: {}", base, e.getMessage());
        }
    }

    /** Points the series' link at its newest file; a straggler's file takes the link only when there is none. */
    private void link(DaySeries series, Path file, boolean straggler) {
        Path link = series.linkPath();
        Path target = file.getFileName();
        try {
            BasicFileAttributes old = attributes(link);
            if (old != null && !old.isSymbolicLink()) {
                throw new RefusedFileException(link + " is " + kind(old) + " (expected: a symbolic link; remove it)");
            }
            if (old != null && (straggler || target.equals(Files.readSymbolicLink(link)))) {
                return;
            }
            Path fresh = series.folder().resolve("." + series.link() + ".tmp");
            Files.deleteIfExists(fresh);
            Files.createSymbolicLink(fresh, target);
            Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            notices.postExample(
                    Notice.Topic.SERVER,
                    Notice.Level.INFO,
                    "archive link",
                    "Links to the newest files that cannot be made",
                    "archive: " + reason(e));
        }
    }

    private static @Nullable Object keyOf(Path file) throws IOException {
        BasicFileAttributes attributes = attributes(file);
        return attributes == null ? null : attributes.fileKey();
    }

    /** What lies under a path, links not followed; null when nothing does. */
    static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** An error's words without the path, which most messages begin with already. */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException gone) {
            return gone.getFile() + " is gone (expected: the archive's folder; make it again)";
        }
        return IoReason.of(e);
    }

    static String kind(BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            return "a symbolic link";
        }
        if (attributes.isDirectory()) {
            return "a folder";
        }
        return attributes.isRegularFile() ? "a file" : "a device, pipe or socket";
    }

    private static String escaped(String name) {
        return name.replaceAll("[^A-Za-z0-9._/-]", "?");
    }
}
