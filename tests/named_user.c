/* PostgreSQL refuses to start for a user without a name, as containers often have.
 * Preloaded, this gives the current user one. */
#include <pwd.h>
#include <stddef.h>
#include <unistd.h>

static struct passwd user = {"harken", "", 0, 0, "", "/", "/bin/sh"};

struct passwd *getpwuid(uid_t uid)
{
    user.pw_uid = uid;
    user.pw_gid = getgid();
    return &user;
}

int getpwuid_r(uid_t uid, struct passwd *found, char *buffer, size_t size, struct passwd **result)
{
    (void)buffer;
    (void)size;
    *found = *getpwuid(uid);
    *result = found;
    return 0;
}
