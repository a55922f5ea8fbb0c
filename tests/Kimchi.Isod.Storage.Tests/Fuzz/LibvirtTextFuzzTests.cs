using System.Security;
using System.Xml;
using CsCheck;
using Kimchi.Isod.Fixtures.Fuzz;
using Kimchi.Isod.Storage.Libvirt;

namespace Kimchi.Isod.Storage.Tests.Fuzz;

/// <summary>What libvirt and the kernel tell in texts: the definition of a pool, the table of mounts.</summary>
public sealed class LibvirtTextFuzzTests
{
    private static readonly Gen<string> Definitions = Gen.OneOf(
        "<pool type='dir'><name>ISO</name><target><path>/var/lib/kimchi/isos</path></target></pool>",
        "<pool type='rbd'><source><host name='h'/></source></pool>",
        "<pool type='fs' xmlns:fs='http://libvirt.org/schemas/storagepool/fs/1.0'><target><path>/a</path></target><fs:mount_opts/></pool>");

    private static readonly Gen<string> Paths = Texts.Any.Select(text => "/" + new string([.. string.Concat(text.EnumerateRunes()).Where(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c))]));

    [Test]
    public void Any_text_is_a_definition_or_no_xml() => Gen.OneOf(
            Texts.Near(Definitions), Texts.Any, Texts.Of("<pool", " type='dir'", ">", "<target>", "<path>", "</path>", "</target>", "</pool>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "&#0;", "<![CDATA["))
        .AreReadOrRefused(xml => PoolDescription.Parse(xml).Type.Length <= xml.Length, e => e is XmlException, count: 20_000);

    [Test]
    public void Type_comes_back() => Gen.Select(Gen.OneOf("dir", "fs", "netfs", "logical", "disk", "rbd", "x"), Paths).Holds(
        c =>
        {
            var path = SecurityElement.Escape(c.Item2).Replace("\r", "&#xD;", StringComparison.Ordinal);
            var read = PoolDescription.Parse($"<pool type='{c.Item1}'><name>ISO</name><target><path>{path}</path></target></pool>");
            return read == new PoolDescription(c.Item1) && (read.TakesUploads || !read.HasFiles);
        },
        count: 10_000);
}
