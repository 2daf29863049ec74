/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Meshes from PLY (ascii, binary little-endian) and OBJ. Nothing is allocated by a count that a file claims: arrays
 * grow with what is really there, so a hostile header costs nothing. */
#include "core/error.h"
#include "core/pose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  GArray *vertices;  /* of AssayPoint3, in the file's unit */
  GArray *triangles; /* of guint32 */
} Mesh;

static void
mesh_clear (Mesh *mesh)
{
  g_clear_pointer (&mesh->vertices, g_array_unref);
  g_clear_pointer (&mesh->triangles, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Mesh, mesh_clear)

/* One corner of a face; corners after the third make a fan. */
static void
add_corner (Mesh *mesh, guint corner, guint32 index, guint32 *first, guint32 *last)
{
  if (corner == 0)
    *first = index;
  if (corner >= 2)
    {
      guint32 triangle[3] = { *first, *last, index };
      g_array_append_vals (mesh->triangles, triangle, 3);
    }
  *last = index;
}

/* --- PLY --- */

typedef enum
{
  PLY_NONE,
  PLY_I8,
  PLY_U8,
  PLY_I16,
  PLY_U16,
  PLY_I32,
  PLY_U32,
  PLY_F32,
  PLY_F64
} PlyType;
typedef enum
{
  ROLE_OTHER,
  ROLE_X,
  ROLE_Y,
  ROLE_Z,
  ROLE_CORNERS
} PlyRole;

typedef struct
{
  PlyType type, count_type; /* count_type: lists only */
  PlyRole role;
} PlyProperty;

typedef struct
{
  guint64 count;
  gboolean is_vertex, is_face;
  GArray *properties; /* of PlyProperty */
} PlyElement;

typedef struct
{
  const char *at, *end;
  gboolean ascii;
} PlyReader;

static PlyType
ply_type (const char *name)
{
  static const struct
  {
    const char *name, *other;
    PlyType type;
  } types[] = {
    { "char", "int8", PLY_I8 },      { "uchar", "uint8", PLY_U8 },     { "short", "int16", PLY_I16 },
    { "ushort", "uint16", PLY_U16 }, { "int", "int32", PLY_I32 },      { "uint", "uint32", PLY_U32 },
    { "float", "float32", PLY_F32 }, { "double", "float64", PLY_F64 },
  };
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (name, types[i].name) || g_str_equal (name, types[i].other))
      return types[i].type;
  return PLY_NONE;
}

static gboolean
read_ascii (PlyReader *reader, double *ret_value)
{
  char *end = NULL;
  double value = g_ascii_strtod (reader->at, &end); /* the contents end with a NUL */
  if (end == reader->at)
    return FALSE;
  reader->at = end;
  *ret_value = value;
  return TRUE;
}

static gboolean
read_number (PlyReader *reader, PlyType type, double *ret_value)
{
  if (reader->ascii)
    return read_ascii (reader, ret_value);
  static const gsize sizes[] = { 0, 1, 1, 2, 2, 4, 4, 4, 8 };
  gsize size = sizes[type];
  if ((gsize) (reader->end - reader->at) < size)
    return FALSE;
  guint64 bits = 0;
  for (gsize i = 0; i < size; i++)
    bits |= (guint64) (guchar) reader->at[i] << (8 * i);
  reader->at += size;
  union
  {
    guint32 u;
    float f;
  } single = { .u = (guint32) bits };
  union
  {
    guint64 u;
    double f;
  } real = { .u = bits };
  switch (type)
    {
    case PLY_I8:
      *ret_value = (gint8) bits;
      break;
    case PLY_I16:
      *ret_value = (gint16) bits;
      break;
    case PLY_I32:
      *ret_value = (gint32) bits;
      break;
    case PLY_F32:
      *ret_value = (double) single.f;
      break;
    case PLY_F64:
      *ret_value = real.f;
      break;
    case PLY_U8:
    case PLY_U16:
    case PLY_U32:
    case PLY_NONE:
    default:
      *ret_value = (double) bits;
      break;
    }
  return TRUE;
}

static void
ply_element_clear (gpointer element)
{
  g_array_unref (((PlyElement *) element)->properties);
}

static gboolean
add_property (GArray *elements, char **words, guint n_words, GError **error)
{
  PlyProperty property = { 0 };
  gboolean list = n_words == 5 && g_str_equal (words[1], "list");
  if (elements->len == 0 || (!list && n_words != 3))
    return assay_error_bad_data (error, "its header has a property out of place");
  PlyElement *element = &g_array_index (elements, PlyElement, elements->len - 1);
  const char *name = words[n_words - 1];
  property.type = ply_type (words[n_words - 2]);
  property.count_type = list ? ply_type (words[2]) : PLY_NONE;
  if (property.type == PLY_NONE || (list && property.count_type == PLY_NONE))
    return assay_error_bad_data (error, "its header has a property \"%s\" of an unknown type", name);
  if (list && element->is_face && (g_str_equal (name, "vertex_indices") || g_str_equal (name, "vertex_index")))
    property.role = ROLE_CORNERS;
  if (!list && element->is_vertex && strlen (name) == 1 && *name >= 'x' && *name <= 'z')
    property.role = ROLE_X + (PlyRole) (*name - 'x');
  g_array_append_val (element->properties, property);
  return TRUE;
}

static gboolean
add_element (GArray *elements, char **words, guint n_words, GError **error)
{
  PlyElement element = { 0 };
  if (n_words != 3 || !g_ascii_string_to_unsigned (words[2], 10, 0, G_MAXUINT32, &element.count, NULL))
    return assay_error_bad_data (error, "its header has an element without a count");
  element.is_vertex = g_str_equal (words[1], "vertex");
  element.is_face = g_str_equal (words[1], "face");
  element.properties = g_array_new (FALSE, FALSE, sizeof (PlyProperty));
  g_array_append_val (elements, element);
  return TRUE;
}

static gboolean
read_format (PlyReader *reader, const char *name, GError **error)
{
  if (g_strcmp0 (name, "ascii") != 0 && g_strcmp0 (name, "binary_little_endian") != 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "PLY of format %s is not read; save it as ascii or binary_little_endian",
                   name ? name : "(none)");
      return FALSE;
    }
  reader->ascii = g_str_equal (name, "ascii");
  return TRUE;
}

/* Leaves the reader at the first byte after the header. */
static gboolean
read_header (PlyReader *reader, GArray *elements, GError **error)
{
  while (reader->at < reader->end)
    {
      const char *newline = memchr (reader->at, '\n', (gsize) (reader->end - reader->at));
      if (newline == NULL || newline - reader->at > 4096)
        break;
      g_autofree char *line = g_strndup (reader->at, (gsize) (newline - reader->at));
      reader->at = newline + 1;
      g_auto (GStrv) words = g_strsplit_set (g_strstrip (line), " \t", -1);
      guint n = g_strv_length (words);
      if (n == 1 && g_str_equal (words[0], "end_header"))
        return TRUE;
      if (n > 1 && g_str_equal (words[0], "format") && !read_format (reader, words[1], error))
        return FALSE;
      if (n > 0 && g_str_equal (words[0], "element") && !add_element (elements, words, n, error))
        return FALSE;
      if (n > 0 && g_str_equal (words[0], "property") && !add_property (elements, words, n, error))
        return FALSE;
    }
  return assay_error_bad_data (error, "its header has no end");
}

static gboolean
read_list (PlyReader *reader, const PlyProperty *property, Mesh *mesh)
{
  double n = 0, value = 0;
  guint32 first = 0, last = 0;
  if (!read_number (reader, property->count_type, &n) || !(n >= 0) || n != floor (n))
    return FALSE;
  for (double i = 0; i < n; i++)
    {
      if (!read_number (reader, property->type, &value))
        return FALSE;
      if (property->role != ROLE_CORNERS)
        continue;
      if (!(value >= 0 && value <= G_MAXUINT32))
        return FALSE;
      add_corner (mesh, i < 2 ? (guint) i : 2, (guint32) value, &first, &last);
    }
  return TRUE;
}

static gboolean
read_entry (PlyReader *reader, const PlyElement *element, Mesh *mesh)
{
  double xyz[3] = { 0 }, value = 0;
  for (guint i = 0; i < element->properties->len; i++)
    {
      const PlyProperty *property = &g_array_index (element->properties, PlyProperty, i);
      if (property->count_type != PLY_NONE)
        {
          if (!read_list (reader, property, mesh))
            return FALSE;
          continue;
        }
      if (!read_number (reader, property->type, &value))
        return FALSE;
      if (property->role >= ROLE_X && property->role <= ROLE_Z)
        xyz[property->role - ROLE_X] = value;
    }
  if (!element->is_vertex)
    return TRUE;
  AssayPoint3 vertex = { xyz[0], xyz[1], xyz[2] };
  g_array_append_val (mesh->vertices, vertex);
  return isfinite (vertex.x) && isfinite (vertex.y) && isfinite (vertex.z);
}

static gboolean
read_ply (const char *text, gsize n_bytes, Mesh *mesh, GError **error)
{
  PlyReader reader = { text, text + n_bytes, TRUE };
  g_autoptr (GArray) elements = g_array_new (FALSE, FALSE, sizeof (PlyElement));
  g_array_set_clear_func (elements, ply_element_clear);
  if (!read_header (&reader, elements, error))
    return FALSE;
  for (guint k = 0; k < elements->len; k++)
    {
      const PlyElement *element = &g_array_index (elements, PlyElement, k);
      if (element->properties->len == 0)
        continue;
      for (guint64 i = 0; i < element->count; i++)
        if (!read_entry (&reader, element, mesh))
          return assay_error_bad_data (error,
                                       "its %s %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " cannot be read",
                                       element->is_vertex ? "vertex"
                                       : element->is_face ? "face"
                                                          : "entry",
                                       i + 1, element->count);
    }
  return TRUE;
}

/* --- OBJ --- */

static gboolean
read_obj_vertex (const char *at, Mesh *mesh)
{
  double xyz[3];
  for (guint i = 0; i < 3; i++)
    {
      char *end = NULL;
      xyz[i] = g_ascii_strtod (at, &end);
      if (end == at || !isfinite (xyz[i]))
        return FALSE;
      at = end;
    }
  AssayPoint3 vertex = { xyz[0], xyz[1], xyz[2] };
  g_array_append_val (mesh->vertices, vertex);
  return TRUE;
}

/* "f 1/2/3 4//5 6 -1": of each corner the first number counts, from 1, or backwards from the last vertex so far. */
static gboolean
read_obj_face (const char *at, Mesh *mesh)
{
  guint32 first = 0, last = 0;
  for (guint corner = 0;; corner++)
    {
      at += strspn (at, " \t\r");
      if (*at == '\0')
        return corner >= 3;
      char *end = NULL;
      gint64 number = g_ascii_strtoll (at, &end, 10);
      gint64 index = number > 0 ? number - 1 : (gint64) mesh->vertices->len + number;
      if (end == at || number == 0 || index < 0 || index > G_MAXUINT32)
        return FALSE;
      add_corner (mesh, corner, (guint32) index, &first, &last);
      at = end + strcspn (end, " \t\r");
    }
}

static gboolean
read_obj (char *text, gsize n_bytes, Mesh *mesh, GError **error)
{
  guint number = 0;
  for (char *line = text; line < text + n_bytes;)
    {
      gsize room = (gsize) (text + n_bytes - line);
      char *newline = memchr (line, '\n', room);
      char *next = newline != NULL ? newline + 1 : text + n_bytes;
      if (newline != NULL)
        *newline = '\0';
      number++;
      gboolean is_vertex = line[0] == 'v' && (line[1] == ' ' || line[1] == '\t');
      gboolean is_face = line[0] == 'f' && (line[1] == ' ' || line[1] == '\t');
      if ((is_vertex && !read_obj_vertex (line + 2, mesh)) || (is_face && !read_obj_face (line + 2, mesh)))
        return assay_error_bad_data (error, "its line %u is no %s", number, is_vertex ? "vertex" : "face");
      line = next;
    }
  return TRUE;
}

/* --- both --- */

static double
squared (AssayPoint3 a, AssayPoint3 b)
{
  return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) + (a.z - b.z) * (a.z - b.z);
}

typedef struct
{
  double radius;
  AssayPoint3 at;
} Spoke;

static int
compare_spokes (const void *a, const void *b)
{
  double x = ((const Spoke *) a)->radius, y = ((const Spoke *) b)->radius;
  return x > y ? -1 : x < y;
}

/* Pairs looked at before a near answer is taken for the answer: only meshes that are round all over get there. */
#define DIAMETER_PAIRS (G_GUINT64_CONSTANT (200) * 1000 * 1000)

/* Two points cannot be farther apart than their distances from the middle together: from the outermost inwards,
 * most pairs are never looked at. */
static double
diameter (const AssayPoint3 *points, guint n)
{
  AssayPoint3 middle = { 0, 0, 0 };
  for (guint i = 0; i < n; i++)
    middle = (AssayPoint3){ middle.x + points[i].x / n, middle.y + points[i].y / n, middle.z + points[i].z / n };
  g_autofree Spoke *spokes = g_new (Spoke, n);
  for (guint i = 0; i < n; i++)
    spokes[i] = (Spoke){ sqrt (squared (points[i], middle)), points[i] };
  qsort (spokes, n, sizeof *spokes, compare_spokes);
  double best = 0;
  guint64 looked = 0;
  for (guint i = 0; i < n && 2 * spokes[i].radius > best && looked < DIAMETER_PAIRS; i++)
    for (guint j = i + 1; j < n && spokes[i].radius + spokes[j].radius > best; j++, looked++)
      best = fmax (best, sqrt (squared (spokes[i].at, spokes[j].at)));
  return best;
}

static gboolean
read_mesh (const char *path, Mesh *mesh, GError **error)
{
  g_autofree char *text = NULL;
  gsize n_bytes = 0;
  g_autoptr (GError) wrong = NULL;
  if (!g_file_get_contents (path, &text, &n_bytes, &wrong))
    {
      gboolean absent = g_error_matches (wrong, G_FILE_ERROR, G_FILE_ERROR_NOENT);
      g_set_error (error, ASSAY_ERROR, absent ? ASSAY_ERROR_NOT_FOUND : ASSAY_ERROR_IO, "%s",
                   absent ? "there is no such file" : wrong->message);
      return FALSE;
    }
  gboolean is_ply = n_bytes > 4 && memcmp (text, "ply", 3) == 0 && g_ascii_isspace (text[3]);
  if (!(is_ply ? read_ply (text, n_bytes, mesh, error) : read_obj (text, n_bytes, mesh, error)))
    return FALSE;
  if (mesh->vertices->len == 0)
    return assay_error_bad_data (error, "it has no vertices; give a PLY or OBJ file");
  for (guint i = 0; i < mesh->triangles->len; i++)
    if (g_array_index (mesh->triangles, guint32, i) >= mesh->vertices->len)
      return assay_error_bad_data (error, "a face names vertex %u of %u",
                                   g_array_index (mesh->triangles, guint32, i), mesh->vertices->len);
  return TRUE;
}

AssayModel *
assay_model_load (const char *path, double unit_m, GError **error)
{
  g_auto (Mesh) mesh
      = { g_array_new (FALSE, FALSE, sizeof (AssayPoint3)), g_array_new (FALSE, FALSE, sizeof (guint32)) };
  if (!read_mesh (path, &mesh, error))
    {
      g_prefix_error (error, "reading model %s: ", path);
      return NULL;
    }
  AssayModel *model = g_new0 (AssayModel, 1);
  model->n_vertices = mesh.vertices->len;
  model->n_triangles = mesh.triangles->len / 3;
  model->vertices_m = (AssayPoint3 *) (gpointer) g_array_free (g_steal_pointer (&mesh.vertices), FALSE);
  model->triangles = (guint32 *) (gpointer) g_array_free (g_steal_pointer (&mesh.triangles), FALSE);
  for (guint i = 0; i < model->n_vertices; i++)
    {
      AssayPoint3 *v = &model->vertices_m[i];
      *v = (AssayPoint3){ v->x * unit_m, v->y * unit_m, v->z * unit_m };
    }
  model->diameter_m = diameter (model->vertices_m, model->n_vertices);
  return model;
}

void
assay_model_free (AssayModel *model)
{
  if (model == NULL)
    return;
  g_free (model->vertices_m);
  g_free (model->triangles);
  g_free (model);
}
