# find_package(Nexus) gives Nexus::nexus (shared) and Nexus::nexus_static, from an installed tree or from the source tree.
#
# Installed: this file is in <prefix>/lib/cmake/Nexus or <prefix>/share/cmake/Nexus.
# Source: -DNexus_DIR=<clone>/bindings/c/cmake, after `make libnexus`; NEXUS_LIBRARY_DIR names another folder of libraries.

if(EXISTS "${CMAKE_CURRENT_LIST_DIR}/../include/nexus.h")
  get_filename_component(_nexus_include "${CMAKE_CURRENT_LIST_DIR}/../include" ABSOLUTE)
  get_filename_component(_nexus_libraries "${CMAKE_CURRENT_LIST_DIR}/../../../target/release" ABSOLUTE)
  if(DEFINED NEXUS_LIBRARY_DIR)
    set(_nexus_libraries "${NEXUS_LIBRARY_DIR}")
  endif()
else()
  get_filename_component(_nexus_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
  set(_nexus_include "${_nexus_prefix}/include")
  set(_nexus_libraries "${_nexus_prefix}/lib" "${_nexus_prefix}/lib64")
endif()

if(CMAKE_SYSTEM_NAME STREQUAL "Windows")
  # The program runs with nexus.dll and is linked with its import library. Not tried on Windows.
  find_file(_nexus_shared NAMES nexus.dll PATHS ${_nexus_libraries} ${_nexus_prefix}/bin NO_DEFAULT_PATH NO_CACHE)
  find_file(_nexus_import NAMES nexus.dll.lib libnexus.dll.a PATHS ${_nexus_libraries} NO_DEFAULT_PATH NO_CACHE)
  find_file(_nexus_static NAMES nexus.lib libnexus.a PATHS ${_nexus_libraries} NO_DEFAULT_PATH NO_CACHE)
else()
  find_library(_nexus_shared NAMES nexus PATHS ${_nexus_libraries} NO_DEFAULT_PATH NO_CACHE)
  find_library(_nexus_static NAMES libnexus.a PATHS ${_nexus_libraries} NO_DEFAULT_PATH NO_CACHE)
endif()

if(_nexus_shared AND NOT _nexus_shared MATCHES "\\.a$" AND NOT TARGET Nexus::nexus)
  add_library(Nexus::nexus SHARED IMPORTED)
  set_target_properties(Nexus::nexus PROPERTIES
    IMPORTED_LOCATION "${_nexus_shared}"
    INTERFACE_INCLUDE_DIRECTORIES "${_nexus_include}")
  if(CMAKE_SYSTEM_NAME STREQUAL "Windows")
    set_target_properties(Nexus::nexus PROPERTIES
      IMPORTED_IMPLIB "${_nexus_import}"
      INTERFACE_COMPILE_DEFINITIONS NEXUS_SHARED)
  endif()
endif()

if(_nexus_static AND NOT TARGET Nexus::nexus_static)
  add_library(Nexus::nexus_static STATIC IMPORTED)
  set_target_properties(Nexus::nexus_static PROPERTIES
    IMPORTED_LOCATION "${_nexus_static}"
    INTERFACE_INCLUDE_DIRECTORIES "${_nexus_include}")
  # What the standard library of Rust needs of the system.
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    set_target_properties(Nexus::nexus_static PROPERTIES INTERFACE_LINK_LIBRARIES "gcc_eh;util;rt;pthread;m;dl;c")
  elseif(CMAKE_SYSTEM_NAME STREQUAL "Windows")
    set_target_properties(Nexus::nexus_static PROPERTIES INTERFACE_LINK_LIBRARIES "ws2_32;ntdll;userenv;dbghelp")
  endif()
endif()

if(NOT TARGET Nexus::nexus AND NOT TARGET Nexus::nexus_static)
  set(Nexus_FOUND FALSE)
  set(Nexus_NOT_FOUND_MESSAGE "no libnexus in ${_nexus_libraries}: run `make libnexus` in the source tree")
endif()

unset(_nexus_prefix)
unset(_nexus_include)
unset(_nexus_libraries)
unset(_nexus_shared)
unset(_nexus_static)
unset(_nexus_import)
