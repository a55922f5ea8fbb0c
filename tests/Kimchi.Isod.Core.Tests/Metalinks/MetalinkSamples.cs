namespace Kimchi.Isod.Core.Tests.Metalinks;

/// <summary>Metalinks in the forms in which servers send them.</summary>
internal static class MetalinkSamples
{
    public const string Md5 = "9e107d9d372bb6826bd81d3542a419d6";
    public const string Sha1 = "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12";
    public const string Sha256 = "d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592";
    public const string Sha512 =
        "07e547d9586f6a73f73fbac0435ed76951218fb7d0c8d788a309d785436bbb642e93a252a954f23912547d1e8a3b5ed6e1bfd7097821233fa0538f3db854fee6";

    private const string OtherSha1 = "de9f2c7fd25e1b3afad3e85a0bd17d9b100db4b3";

    /// <summary>As the redirectors of openSUSE (MirrorBrain, MirrorCache) answer: RFC 5854, weak hashes of pieces, comments, a torrent.</summary>
    public const string OpenSuse = $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <metalink xmlns="urn:ietf:params:xml:ns:metalink">
          <generator>MirrorBrain/2.19.0 (see http://mirrorbrain.org/)</generator>
          <origin dynamic="true">http://download.example.org/distribution/iso/Leap.iso.meta4</origin>
          <published>2026-11-02T09:16:26Z</published>
          <publisher>
            <name>openSUSE</name>
            <url>http://download.example.org</url>
          </publisher>

          <file name="Leap.iso">
            <size>600000</size>
            <hash type="md5">{Md5}</hash>
            <hash type="sha-1">{Sha1}</hash>
            <hash type="sha-256">{Sha256}</hash>
            <pieces length="262144" type="sha-1">
              <hash>{Sha1}</hash>
              <hash>{OtherSha1}</hash>
              <hash>{Sha1}</hash>
            </pieces>
            <signature mediatype="application/pgp-signature">
        -----BEGIN PGP SIGNATURE-----
        iQEzBAABCAAdFiEE
        -----END PGP SIGNATURE-----
            </signature>
            <metaurl mediatype="torrent" priority="1">http://download.example.org/distribution/iso/Leap.iso.torrent</metaurl>

            <!-- Found 3 mirrors which handle this file: 2 in the same country (DE), 1 on the same continent -->

            <!-- Mirrors in the same country (DE): -->
            <url location="de" priority="1">https://ftp.halifax.example/opensuse/distribution/iso/Leap.iso</url>
            <url location="de" priority="2">http://ftp.uni.example/pub/opensuse/distribution/iso/Leap.iso</url>

            <!-- Mirrors on the same continent: -->
            <url location="nl" priority="3">ftp://ftp.nluug.example/pub/opensuse/distribution/iso/Leap.iso</url>
          </file>
        </metalink>
        """;

    /// <summary>As Fedora's MirrorManager answers: version 3, many hashes, no pieces, older versions in a namespace of its own, rsync.</summary>
    public const string Fedora = $"""
        <?xml version="1.0" encoding="utf-8"?>
        <metalink version="3.0" xmlns="http://www.metalinker.org/" type="dynamic" pubdate="Wed, 28 Oct 2026 17:23:07 GMT" generator="mirrormanager" xmlns:mm0="http://fedorahosted.org/mirrormanager">
         <files>
          <file name="Fedora-Server-netinst.iso">
           <mm0:timestamp>1761672187</mm0:timestamp>
           <size>1000000</size>
           <verification>
            <hash type="md5">{Md5}</hash>
            <hash type="sha1">{Sha1}</hash>
            <hash type="sha256">{Sha256}</hash>
            <hash type="sha512">{Sha512}</hash>
           </verification>
           <mm0:alternates>
            <mm0:alternate>
             <mm0:timestamp>1761500000</mm0:timestamp>
             <size>999</size>
             <verification>
              <hash type="sha256">0000000000000000000000000000000000000000000000000000000000000000</hash>
             </verification>
            </mm0:alternate>
           </mm0:alternates>
           <resources maxconnections="1">
            <url protocol="rsync" type="rsync" location="US" preference="100">rsync://mirror.us.example/fedora/Fedora-Server-netinst.iso</url>
            <url protocol="http" type="http" location="CZ" preference="97">http://mirror.cz.example/fedora/Fedora-Server-netinst.iso</url>
            <url protocol="https" type="https" location="US" preference="100">https://mirror.us.example/fedora/Fedora-Server-netinst.iso</url>
            <url type="bittorrent" preference="100">https://torrent.example/Fedora-Server-netinst.iso.torrent</url>
           </resources>
          </file>
         </files>
        </metalink>
        """;

    /// <summary>Version 3 with pieces, which it numbers.</summary>
    public const string NumberedPieces = $"""
        <metalink version="3.0" xmlns="http://www.metalinker.org/"><files><file name="x.iso">
          <size>300000</size>
          <verification>
            <hash type="sha256">{Sha256}</hash>
            <pieces length="262144" type="sha1"><hash piece="0">{Sha1}</hash><hash piece="1">{OtherSha1}</hash></pieces>
          </verification>
          <resources><url type="http" preference="90">http://host.example/x.iso</url></resources>
        </file></files></metalink>
        """;

    /// <summary>A metalink of RFC 5854 with one file.</summary>
    public static string Of(string content, string name = "x.iso") =>
        $"""<metalink xmlns="urn:ietf:params:xml:ns:metalink"><file name="{name}">{content}</file></metalink>""";
}
