/* GLib's and Jansson's macros that cppcheck does not know, as far as it has to see through them. It
 * reads no system headers. */
#define G_DEFINE_QUARK(quark, name)                                                                \
    GQuark name##_quark(void)                                                                      \
    {                                                                                              \
        return g_quark_from_static_string(#quark);                                                 \
    }
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define G_GNUC_PRINTF(format, arguments)
#define G_GNUC_NULL_TERMINATED
#define G_DEFINE_AUTOPTR_CLEANUP_FUNC(type, function)
#define G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(type, function)
#define G_DEFINE_AUTO_CLEANUP_FREE_FUNC(type, function, none)
#define json_array_foreach(array, index, value)                                                    \
    for (index = 0; index < json_array_size(array) && (value = json_array_get(array, index));      \
         index++)
#define json_object_foreach(object, key, value)                                                    \
    for (key = json_object_iter_key(json_object_iter(object));                                     \
         key && (value = json_object_iter_value(json_object_key_to_iter(key)));                    \
         key = json_object_iter_key(json_object_iter_next(object, json_object_key_to_iter(key))))
